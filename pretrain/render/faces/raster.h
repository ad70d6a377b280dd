// Triangles to samples: the visibility buffer, stratified transparency, shadow maps.
#pragma once
#include "mesh.h"

static const int SS = 256;
struct Vis {
  F z;
  int m, t;
  F b0, b1;
};
static vector<Vis> vis(SS* SS);
static vector<int> lensv(SS* SS);
struct SMap {
  int n;
  V3 X, Y, D;
  V3 c;
  F r;
  vector<F> z;
};

static uint32_t g_seed;
static inline F strat(int x, int y, uint32_t layer) {  // stratified alpha threshold inside each 4x4 block
  static const int B[16] = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
  F o = hashf(((uint32_t)(x >> 2) * 9781u) ^ ((uint32_t)(y >> 2) * 6271u) ^ (layer * 7919u) ^ g_seed);
  F t = (B[(y & 3) * 4 + (x & 3)] + .5f) / 16 + o;
  return t - floorf(t);
}
template <class Cb>
static inline void raster(const V3& a, const V3& b, const V3& c, int W, int H, Cb cb) {
  F mnx = min(a.x, min(b.x, c.x)), mxx = max(a.x, max(b.x, c.x)), mny = min(a.y, min(b.y, c.y)),
    mxy = max(a.y, max(b.y, c.y));
  int x0 = max(0, (int)ceilf(mnx - .5f)), x1 = min(W - 1, (int)floorf(mxx - .5f)), y0 = max(0, (int)ceilf(mny - .5f)),
      y1 = min(H - 1, (int)floorf(mxy - .5f));
  if (x0 > x1 || y0 > y1) return;
  F den = (b.y - c.y) * (a.x - c.x) + (c.x - b.x) * (a.y - c.y);
  if (fabsf(den) < 1e-9f) return;
  F id = 1 / den;
  F ax = (b.y - c.y) * id, ay = (c.x - b.x) * id, bx = (c.y - a.y) * id, by = (a.x - c.x) * id;
  for (int y = y0; y <= y1; y++) {
    F py = y + .5f - c.y, px = x0 + .5f - c.x;
    F w0 = ax * px + ay * py, w1 = bx * px + by * py;
    for (int x = x0; x <= x1; x++, w0 += ax, w1 += bx)
      if (w0 >= 0 && w1 >= 0 && w0 + w1 <= 1) cb(x, y, w0, w1);
  }
}

// Hair that would hide the eyes is trimmed to a curved fringe: 1 keeps the sample, 0 drops it.
struct Trim {
  bool on = false;
  F cy = 0, rx = .66f, rt = .6f, sl = 0;
};
static Trim g_trim;
static inline F trim_keep(F x, F y, F z) {
  if (!g_trim.on || z < .5f) return 1;
  F dx = x / g_trim.rx, yy = y - g_trim.cy - g_trim.sl * x, dy = yy / (yy > 0 ? g_trim.rt : 1.15f),
    r = dx * dx + dy * dy;
  return sstep(.82f, 1.12f, r);
}

static void build_map(SMap& s, vector<Mesh>& ms, bool alphaTest) {
  s.z.assign(s.n * s.n, -1e9f);
  V3 up = fabsf(s.D.y) > .9f ? V3{1, 0, 0} : V3{0, 1, 0};
  s.X = norm(cross(up, s.D));
  s.Y = cross(s.D, s.X);
  F k = s.n * .5f / s.r;
  vector<V3> q;
  uint32_t li = 77;
  for (auto& m : ms) {
    li++;
    if (!m.shadow) continue;
    q.resize(m.nv);
    for (int v = 0; v < m.nv; v++) {
      V3 d = m.p[v] - s.c;
      q[v] = {s.n * .5f + k * dot(d, s.X), s.n * .5f + k * dot(d, s.Y), dot(d, s.D)};
    }
    for (int t = 0; t < m.nt; t++) {
      int a = m.tri[3 * t], b = m.tri[3 * t + 1], c = m.tri[3 * t + 2];
      const F* uv = m.uv;
      raster(q[a], q[b], q[c], s.n, s.n, [&](int x, int y, F w0, F w1) {
        F z = w0 * q[a].z + w1 * q[b].z + (1 - w0 - w1) * q[c].z;
        F& d = s.z[y * s.n + x];
        if (z <= d) return;
        if (m.alpha && alphaTest) {
          F w2 = 1 - w0 - w1;
          F al = tapa(m.tx, uv[2 * a] * w0 + uv[2 * b] * w1 + uv[2 * c] * w2,
                      uv[2 * a + 1] * w0 + uv[2 * b + 1] * w1 + uv[2 * c + 1] * w2) *
                 m.ascale;
          if (m.mat == HAIR && g_trim.on)
            al *= trim_keep(m.e0[a] * w0 + m.e0[b] * w1 + m.e0[c] * w2, m.e1[a] * w0 + m.e1[b] * w1 + m.e1[c] * w2,
                            m.e2[a] * w0 + m.e2[b] * w1 + m.e2[c] * w2);
          if (al < strat(x, y, li)) return;
        }
        d = z;
      });
    }
  }
}
static F lookup(const SMap& s, V3 p, F bias, F soft) {  // 2x2 bilinear PCF
  V3 d = p - s.c;
  F k = s.n * .5f / s.r;
  F x = s.n * .5f + k * dot(d, s.X) - .5f, y = s.n * .5f + k * dot(d, s.Y) - .5f, z = dot(d, s.D) + bias;
  int xi = (int)floorf(x), yi = (int)floorf(y);
  if (xi < 0 || yi < 0 || xi + 1 >= s.n || yi + 1 >= s.n) return 1;
  F fx = x - xi, fy = y - yi;
  const F* r = &s.z[yi * s.n + xi];
  auto t = [&](F zz) { return 1 - sat((zz - z) / soft); };
  return mixf(mixf(t(r[0]), t(r[1]), fx), mixf(t(r[s.n]), t(r[s.n + 1]), fx), fy);
}
