// Deterministic portraits of rendered people over MakeHuman's CC0 head: morph targets, fitted proxies, a stratified
// z-buffer at 4x4 samples a pixel of 64, a key shadow map plus a ring of low-resolution sky shadow maps. No third-party code.
//
//   faces PACK OUT.rgb OUT.csv FIRST_SEED COUNT [--size 64|128|256] [--set key=value]...
#include <chrono>
#include "geometry.h"
#include "person.h"
#include "shading.h"

int main(int argc, char** argv) {
  if (argc < 6) {
    fprintf(stderr, "usage: faces PACK OUT.rgb OUT.csv FIRST COUNT [--size N] [--set k=v]\n");
    return 1;
  }
  for (int k = 0; k < 256; k++) {
    F c = k / 255.f;
    lut_lin[k] = c <= .04045f ? c / 12.92f : powf((c + .055f) / 1.055f, 2.4f);
  }
  load_pack(argv[1]);
  prepare();
  long first = atol(argv[4]), count = atol(argv[5]);
  int size = 64;
  Over ov;
  for (int k = 6; k + 1 < argc; k += 2) {
    string a = argv[k], v = argv[k + 1];
    if (a == "--size")
      size = atoi(v.c_str());
    else if (a == "--set") {
      size_t e = v.find('=');
      ov[v.substr(0, e)] = v.substr(e + 1);
    }
  }
  FILE *fo = fopen(argv[2], "wb"), *fc = fopen(argv[3], "w");
  auto t0 = chrono::steady_clock::now();
  vector<uint8_t> px(size * size * 3);
  for (long s = first; s < first + count; s++) {
    Face face((uint64_t)s, ov);
    face.draw();
    const vector<V3>& img = face.img;
    const Out& o = face.out;
    int q = SS / size;
    for (int y = 0; y < size; y++)
      for (int x = 0; x < size; x++) {
        V3 c{0, 0, 0};
        for (int j = 0; j < q; j++)
          for (int i = 0; i < q; i++) c = c + img[(y * q + j) * SS + x * q + i];
        c = c * (1.f / (q * q));
        uint8_t* d = &px[3 * (y * size + x)];
        d[0] = (uint8_t)lrintf(255 * to_srgb(c.x));
        d[1] = (uint8_t)lrintf(255 * to_srgb(c.y));
        d[2] = (uint8_t)lrintf(255 * to_srgb(c.z));
      }
    fwrite(px.data(), 1, px.size(), fo);
    if (s == first) {
      for (size_t k = 0; k < o.kv.size(); k++) fprintf(fc, "%s%s", k ? "," : "", o.kv[k].first.c_str());
      fprintf(fc, "\n");
    }
    for (size_t k = 0; k < o.kv.size(); k++) fprintf(fc, "%s%s", k ? "," : "", o.kv[k].second.c_str());
    fprintf(fc, "\n");
    if ((s & 255) == 0) {
      fflush(fo);
      fflush(fc);
    }
  }
  fclose(fo);
  fclose(fc);
  double ms = chrono::duration<double, milli>(chrono::steady_clock::now() - t0).count();
  fprintf(stderr, "%ld images, %.2f ms each\n", count, ms / count);
}
