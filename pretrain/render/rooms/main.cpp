// Renders a run of bedrooms: rooms FIRST COUNT OUT_PREFIX -> OUT_PREFIX.rgb (64x64 RGB bytes), OUT_PREFIX.csv (no header).
#include "render.h"
#include <chrono>

struct Box { int x0 = N, y0 = N, x1 = 0, y1 = 0, n = 0; };  // half-open box and count of an object's visible pixels

// Views that hide the bed or a window, or stand too close to something, are drawn again.
static bool acceptable(Renderer& renderer, const Scene& scene, bool wantWindow) {
  int count[ID_COUNT];
  float nearShare;
  renderer.survey(32, count, nearShare);
  int window = count[ID_WIN1] + count[ID_WIN2];
  if (count[ID_BED] < 145 || count[ID_BED] >= 600 || nearShare >= 0.06f) return false;
  if (scene.wantWindow != wantWindow) return false;
  if (scene.wantWindow && (window < 54 || window > 420)) return false;
  return count[ID_WARDROBE] <= 190 && count[ID_CURTAIN] <= 300;
}

static std::vector<Box> visibleBoxes(const Image& image) {
  std::vector<Box> boxes(ID_COUNT);
  for (int y = 0; y < N; ++y)
    for (int x = 0; x < N; ++x) {
      Box& b = boxes[image.id[y * N + x]];
      b.x0 = std::min(b.x0, x); b.y0 = std::min(b.y0, y);
      b.x1 = std::max(b.x1, x + 1); b.y1 = std::max(b.y1, y + 1);
      ++b.n;
    }
  return boxes;
}

static void writeRow(FILE* csv, long index, uint64_t seed, const Scene& scene, const std::vector<Box>& boxes) {
  std::vector<Box> windows;
  for (int k = ID_WIN1; k <= ID_WIN2; ++k)
    if (boxes[k].n >= 25) windows.push_back(boxes[k]);
  std::sort(windows.begin(), windows.end(), [](const Box& a, const Box& c) { return a.n > c.n; });
  std::fprintf(csv, "%ld,%llu,%d,%d", index, (unsigned long long)seed, windows.empty() ? 0 : 1, int(windows.size()));
  for (size_t k = 0; k < 2; ++k) {
    if (k < windows.size()) {
      const Box& w = windows[k];
      std::fprintf(csv, ",%d,%d,%d,%d,%d", w.x0, w.y0, w.x1, w.y1, w.n);
    } else {
      std::fprintf(csv, ",,,,,");
    }
  }
  const Box& bed = boxes[ID_BED];
  auto visible = [&](int id) { return boxes[id].n >= 12 ? 1 : 0; };
  std::fprintf(csv, ",%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%s,%.1f,%s,%s,%.2f,%.2f,%.1f\n", bed.x0, bed.y0, bed.x1, bed.y1,
               scene.lampOn ? 1 : 0, visible(ID_LAMP), visible(ID_DOOR), visible(ID_WARDROBE), visible(ID_PICTURE),
               visible(ID_MIRROR), visible(ID_PLANT), visible(ID_CURTAIN), scene.wallName.c_str(), scene.wallHue,
               floorName[scene.floorType], todName[scene.tod], scene.yaw * 180 / PI, scene.pitch * 180 / PI, scene.fov);
}

// Draws picture `index`, again until its view is acceptable, 60 times at most.
static void renderPicture(long index, Image& image, FILE* rgb, FILE* csv) {
  bool wantWindow = false;
  for (int t = 0; t < 60; ++t) {
    uint64_t seed = uint64_t(index) * 64 + uint64_t(t);
    Scene scene;
    Builder(scene, seed).build();
    if (t == 0) wantWindow = scene.wantWindow;  // the first draw decides, so that rejection does not shift the share
    Renderer renderer(scene);
    if (!acceptable(renderer, scene, wantWindow) && t < 59) continue;
    renderer.render(image);
    writeRow(csv, index, seed, scene, visibleBoxes(image));
    std::fwrite(image.rgb, 1, sizeof image.rgb, rgb);
    return;
  }
}

int main(int argc, char** argv) {
  if (argc < 4) { std::fprintf(stderr, "usage: rooms FIRST COUNT OUT_PREFIX\n"); return 2; }
  long first = std::atol(argv[1]), count = std::atol(argv[2]);
  std::string prefix = argv[3];
  FILE* rgb = std::fopen((prefix + ".rgb").c_str(), "wb");
  FILE* csv = std::fopen((prefix + ".csv").c_str(), "w");
  if (!rgb || !csv) { std::perror("open"); return 1; }
  auto start = std::chrono::steady_clock::now();
  static Image image;
  for (long i = first; i < first + count; ++i) renderPicture(i, image, rgb, csv);
  std::fclose(rgb); std::fclose(csv);
  double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  std::fprintf(stderr, "%ld images, %.2f ms each\n", count, ms / double(count));
}
