// The binary pack that prepare.py writes (named arrays of floats, ints or bytes), and its textures.
#pragma once
#include "maths.h"

struct Rec {
  vector<F> f;
  vector<int> i;
  vector<uint8_t> u;
};
static map<string, Rec> P;
static void load_pack(const char* fn) {
  FILE* fp = fopen(fn, "rb");
  if (!fp) {
    perror(fn);
    exit(1);
  }
  uint8_t nl;
  while (fread(&nl, 1, 1, fp) == 1) {
    char nm[256];
    uint8_t t;
    uint32_t n;
    size_t ok = fread(nm, 1, nl, fp);
    nm[nl] = 0;
    ok += fread(&t, 1, 1, fp);
    ok += fread(&n, 4, 1, fp);
    Rec& r = P[nm];
    if (t == 0) {
      r.f.resize(n);
      ok += fread(r.f.data(), 4, n, fp);
    } else if (t == 1) {
      r.i.resize(n);
      ok += fread(r.i.data(), 4, n, fp);
    } else {
      r.u.resize(n);
      ok += fread(r.u.data(), 1, n, fp);
    }
  }
  fclose(fp);
}
static Rec& R(const string& n) {
  auto it = P.find(n);
  if (it == P.end()) {
    fprintf(stderr, "missing %s\n", n.c_str());
    exit(1);
  }
  return it->second;
}

struct Tex {
  int w = 0, h = 0;
  const uint8_t* d = nullptr;
};
static Tex tex(const string& n) {
  Tex t;
  t.d = R("tex." + n).u.data();
  t.w = R("texs." + n).i[0];
  t.h = R("texs." + n).i[1];
  return t;
}
static inline void tap(const Tex& t, F u, F v, F o[4]) {  // bilinear, linear-light rgb, clamp
  F x = u * t.w - .5f, y = (1 - v) * t.h - .5f;
  int xi = (int)floorf(x), yi = (int)floorf(y);
  F fx = x - xi, fy = y - yi;
  int x0 = min(max(xi, 0), t.w - 1), x1 = min(max(xi + 1, 0), t.w - 1), y0 = min(max(yi, 0), t.h - 1),
      y1 = min(max(yi + 1, 0), t.h - 1);
  const uint8_t *a = t.d + 4 * (y0 * t.w + x0), *b = t.d + 4 * (y0 * t.w + x1), *c = t.d + 4 * (y1 * t.w + x0),
                *e = t.d + 4 * (y1 * t.w + x1);
  F wa = (1 - fx) * (1 - fy), wb = fx * (1 - fy), wc = (1 - fx) * fy, we = fx * fy;
  for (int k = 0; k < 3; k++) o[k] = lut_lin[a[k]] * wa + lut_lin[b[k]] * wb + lut_lin[c[k]] * wc + lut_lin[e[k]] * we;
  o[3] = (a[3] * wa + b[3] * wb + c[3] * wc + e[3] * we) * (1 / 255.f);
}
static inline F tapa(const Tex& t, F u, F v) {
  int x = min(max((int)(u * t.w), 0), t.w - 1), y = min(max((int)((1 - v) * t.h), 0), t.h - 1);
  return t.d[4 * (y * t.w + x) + 3] * (1 / 255.f);
}
