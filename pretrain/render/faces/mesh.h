// Meshes: morph targets, fitted proxies, normals, tubes; and what to remember of a face in the CSV.
#pragma once
#include "pack.h"

enum Mat { SKIN, TEETH, TONGUE, EYE, LASH, BROW, HAIR, BEARD, FRAME, LENS };
struct Mesh {
  Mat mat;
  Tex tx;
  bool alpha = false;
  bool shadow = true;
  F ascale = 1;
  F acut = 0;
  const int* tri = nullptr;
  int nt = 0;
  const F* uv = nullptr;
  int nv = 0;
  vector<V3> p, n;
  vector<V3> sp;             // camera-space position, normal, projected (x,y in samples, depth)
  vector<F> e0, e1, e2, e3;  // per-vertex extras
  vector<int> own_tri;
  vector<F> own_uv;
  F k = 0;
};
typedef map<string, string> Over;
struct Out {
  vector<pair<string, string>> kv;
  void s(const char* k, string v) { kv.push_back({k, v}); }
  void f(const char* k, double v) {
    char b[40];
    snprintf(b, 40, "%.3f", v);
    s(k, b);
  }
  void i(const char* k, long long v) { s(k, to_string(v)); }
};

static string gets(const Over& o, const char* k, const string& d) {
  auto i = o.find(k);
  return i == o.end() ? d : i->second;
}
static F getf(const Over& o, const char* k, F d) {
  auto i = o.find(k);
  return i == o.end() ? d : (F)atof(i->second.c_str());
}

static void apply(vector<V3>& v, const string& t, F w) {
  if (fabsf(w) < 1e-4f) return;
  auto it = P.find("t." + t + ".i");
  if (it == P.end()) {
    fprintf(stderr, "no target %s\n", t.c_str());
    exit(1);
  }
  const vector<int>& ids = it->second.i;
  const F* d = R("t." + t + ".d").f.data();
  for (size_t k = 0; k < ids.size(); k++) {
    V3& q = v[ids[k]];
    q.x += w * d[3 * k];
    q.y += w * d[3 * k + 1];
    q.z += w * d[3 * k + 2];
  }
}
static vector<V3> fit(const string& n, const vector<V3>& v) {
  const vector<int>& ref = R(n + ".ref").i;
  const F *w = R(n + ".w").f.data(), *o = R(n + ".off").f.data();
  const int* sv = R(n + ".sv").i.data();
  const F* sd = R(n + ".sd").f.data();
  V3 s{1, 1, 1};
  if (sd[0] > 0) s.x = fabsf(v[sv[0]].x - v[sv[1]].x) / sd[0];
  if (sd[1] > 0) s.y = fabsf(v[sv[2]].y - v[sv[3]].y) / sd[1];
  if (sd[2] > 0) s.z = fabsf(v[sv[4]].z - v[sv[5]].z) / sd[2];
  size_t N = ref.size() / 3;
  vector<V3> r(N);
  for (size_t k = 0; k < N; k++) {
    V3 q = v[ref[3 * k]] * w[3 * k] + v[ref[3 * k + 1]] * w[3 * k + 1] + v[ref[3 * k + 2]] * w[3 * k + 2];
    r[k] = {q.x + o[3 * k] * s.x, q.y + o[3 * k + 1] * s.y, q.z + o[3 * k + 2] * s.z};
  }
  return r;
}
static void bind(Mesh& m, const string& n, const vector<V3>& pos) {
  const vector<int>& rv = R(n + ".rv").i;
  m.nv = (int)rv.size();
  m.p.resize(m.nv);
  for (int k = 0; k < m.nv; k++) m.p[k] = pos[rv[k]];
  m.tri = R(n + ".tri").i.data();
  m.nt = (int)R(n + ".tri").i.size() / 3;
  m.uv = R(n + ".uv").f.data();
}
static void normals(Mesh& m, const vector<int>* rv, size_t npos) {  // smooth across UV seams when rv is given
  vector<V3> acc(rv ? npos : m.nv, V3{0, 0, 0});
  for (int t = 0; t < m.nt; t++) {
    int a = m.tri[3 * t], b = m.tri[3 * t + 1], c = m.tri[3 * t + 2];
    V3 n = cross(m.p[b] - m.p[a], m.p[c] - m.p[a]);
    for (int k : {a, b, c}) {
      V3& q = acc[rv ? (*rv)[k] : k];
      q = q + n;
    }
  }
  m.n.resize(m.nv);
  for (int k = 0; k < m.nv; k++) m.n[k] = norm(acc[rv ? (*rv)[k] : k]);
}
static void tube(vector<V3>& p, vector<int>& tri, const vector<V3>& c, bool closed, F ru, F rv, V3 vAxis) {
  int n = (int)c.size(), S = 6, b0 = (int)p.size();
  for (int k = 0; k < n; k++) {
    V3 t = norm(c[closed ? (k + 1) % n : min(k + 1, n - 1)] - c[closed ? (k + n - 1) % n : max(k - 1, 0)]);
    V3 u = norm(cross(t, vAxis)), w = cross(u, t);
    for (int j = 0; j < S; j++) {
      F a = 2 * PI * j / S;
      p.push_back(c[k] + u * (ru * cosf(a)) + w * (rv * sinf(a)));
    }
  }
  for (int k = 0; k < (closed ? n : n - 1); k++)
    for (int j = 0; j < S; j++) {
      int a = b0 + k * S + j, b = b0 + k * S + (j + 1) % S, c2 = b0 + ((k + 1) % n) * S + j,
          d = b0 + ((k + 1) % n) * S + (j + 1) % S;
      for (int q : {a, b, c2, b, d, c2}) tri.push_back(q);
    }
}
