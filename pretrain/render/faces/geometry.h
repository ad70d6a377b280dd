// Meshes of a person: head, eyes, lashes, brows, hair, beard, glasses; then pose and camera.
#pragma once
#include "face.h"

// Eyes and chin of the morphed head before it is turned.
void Face::findLandmarks() {
  auto mean = [&](int a, int b) {
    V3 s{0, 0, 0};
    for (int k = a; k <= b; k++) s = s + v[k];
    return s * (1.f / (b - a + 1));
  };
  eL = mean(EYE_L0, EYE_L1), eR = mean(EYE_R0, EYE_R1), eM = (eL + eR) * .5f;
  ipd = fabsf(eL.x - eR.x);
  under = v[787];
}

// Skin with its masks, teeth, tongue.
void Face::addHead() {
  {
    Mesh& m = add(SKIN);
    bind(m, "body", v);
    m.e0.resize(m.nv);
    m.e1.resize(m.nv);
    m.e2.resize(m.nv);
    m.e3.resize(m.nv);
    for (int k = 0; k < m.nv; k++) {
      int q = brv[k];
      m.e0[k] = mShirt[q];
      m.e1[k] = mScalp[q];
      m.e2[k] = mIn[q];
      m.e3[k] = mLip[q];
    }
  }
  {
    Mesh& m = add(TEETH);
    bind(m, "upper-teeth", v);
    for (auto& q : m.p) {
      q.z += .012f;
      q.y -= .012f;
    }
  }
  {
    Mesh& m = add(TEETH);
    bind(m, "lower-teeth", v);
  }
  {
    Mesh& m = add(TONGUE);
    bind(m, "tongue", v);
  }
  for (auto& m : ms)
    if (m.mat == TEETH) {
      const vector<int>& rv = R(&m == &ms[1] ? "upper-teeth.rv" : "lower-teeth.rv").i;
      m.e0.resize(m.nv);
      for (int k = 0; k < m.nv; k++) m.e0[k] = base0[rv[k]].z;
    }
}

// Eyes that half follow the camera.
void Face::addEyes() {
  F ew = wa[2] * wa[2];
  ec = rey.pick({mixf(62, 26, ew), mixf(24, 18, ew), mixf(.6f, 12, ew), mixf(.8f, 8, ew), mixf(.3f, 4, ew),
                     mixf(3, 12, ew), mixf(1, 8, ew), mixf(0, 2, ew), mixf(.2f, 8, ew)});
  F gx = rey.nc(3.5f, 9), gy = rey.nc(2.5f, 6), gfol = rey.u(.35f, .95f);
  {
    vector<V3> ev = fit("eyes", v);
    F ay = clampf(-yaw * gfol, -19, 19) + gx, ax = clampf(-pitch * gfol, -8, 8) + gy;
    ay *= PI / 180;
    ax *= PI / 180;
    V3 cl{0, 0, 0}, cr{0, 0, 0};
    int nl = 0, nr = 0;
    for (auto& q : ev)
      if (q.x > 0) {
        cl = cl + q;
        nl++;
      } else {
        cr = cr + q;
        nr++;
      }
    cl = cl * (1.f / nl);
    cr = cr * (1.f / nr);
    for (auto& q : ev) {
      V3 c = q.x > 0 ? cl : cr, d = q - c;
      V3 e{d.x * cosf(ay) + d.z * sinf(ay), d.y, -d.x * sinf(ay) + d.z * cosf(ay)};
      V3 f{e.x, e.y * cosf(ax) - e.z * sinf(ax), e.y * sinf(ax) + e.z * cosf(ax)};
      q = c + f;
    }
    Mesh& m = add(EYE);
    bind(m, "eyes", ev);
    m.tx = tex(string(EYES[ec]) + "_eye");
    m.alpha = true;
    m.acut = .5f;
    m.shadow = false;
  }
}

// Lashes and brows.
void Face::addLashesAndBrows() {
  {
    const char* n = rmk.p(.5f) ? "eyelashes01" : "eyelashes02";
    Mesh& m = add(LASH);
    bind(m, n, fit(n, v));
    m.tx = tex(n);
    m.alpha = true;
    m.ascale = male ? .35f : .95f;
    m.shadow = false;
  }
  int brow;
  {
    static const int MB[] = {1, 2, 3, 4, 8, 9, 10}, FB[] = {5, 6, 7, 10, 11, 12, 1};
    brow = male ? MB[rmk.i(7)] : FB[rmk.i(7)];
    brow = (int)getf(ov, "brow", (F)brow);
    char n[20];
    snprintf(n, 20, "eyebrow%03d", brow);
    vector<V3> q = fit(n, v);
    for (auto& c : q) c.z += .012f;
    Mesh& m = add(BROW);
    bind(m, n, q);
    m.tx = tex(n);
    m.alpha = true;
    m.ascale = male ? 1.25f : 1.1f;
    m.shadow = false;
  }
}

// Hair, mirrored half the time, its fringe trimmed where it would hide an eye.
void Face::addHair() {
  hn = HAIRS[hs].name;
  hasHair = HAIRS[hs].tx[0] != 0;
  if (hasHair) {
    vector<V3> q = fit(hn, v);
    if (hflip)
      for (auto& c : q) c.x = -c.x;
    Mesh& m = add(HAIR);
    bind(m, hn, q);
    m.tx = tex(HAIRS[hs].tx);
    m.alpha = true;
    m.ascale = hn == "afro01" ? 3.f : 1.15f;
    g_trim.on = hn == "bob01" || hn == "bob02" || hn == "braid01" || hn == "short03";
    F sc = ipd / .616f;
    g_trim.cy = eM.y - .35f * sc;
    g_trim.rx = (rhs.u(.62f, .72f) + (hn == "bob01" ? .08f : 0)) * sc;
    g_trim.rt = rhs.u(.60f, .86f) * sc;
    g_trim.sl = rhs.nc(.14f, .3f);
    if (g_trim.on) {
      m.e0.resize(m.nv);
      m.e1.resize(m.nv);
      m.e2.resize(m.nv);
      for (int k = 0; k < m.nv; k++) {
        m.e0[k] = m.p[k].x;
        m.e1[k] = m.p[k].y;
        m.e2[k] = m.p[k].z;
      }
    }
  } else
    g_trim.on = false;
}

// Beard and moustache: six shells above the skin, thinned by noise.
void Face::addBeard() {
  const vector<int>& btri = R("body.tri").i;
  if (beard || tache) {
    normals(ms[0], &brv, v.size());
    vector<F> den(ms[0].nv);
    F thr = .02f;
    for (int k = 0; k < ms[0].nv; k++) {
      int q = brv[k];
      F d = 0;
      if (beard == 1) d = max(mBeard[q] - (tache ? 0 : mTache[q]), 0.f);
      if (beard == 2) d = mGoat[q];
      if (tache) d = max(d, mTache[q]);
      den[k] = d;
    }
    vector<int> sub;
    for (size_t t = 0; t < btri.size(); t += 3)
      if (max(den[btri[t]], max(den[btri[t + 1]], den[btri[t + 2]])) > thr)
        for (int k = 0; k < 3; k++) sub.push_back(btri[t + k]);
    int L = 6;
    for (int l = 0; l < L; l++) {
      Mesh& m = add(BEARD);
      m.k = l / (F)(L - 1);
      m.nv = ms[0].nv;
      m.p = ms[0].p;
      m.e0 = den;
      m.alpha = false;
      m.shadow = l == 3;
      for (int k = 0; k < m.nv; k++)
        m.p[k] = m.p[k] + (ms[0].n[k] + V3{0, -.45f, 0}) *
                              ((tache && !beard ? .05f : blen) * (l + .4f) / L * sqrtf(den[k]) + .002f);
      m.own_tri = sub;
      m.tri = nullptr;
      m.nt = (int)sub.size() / 3;
      m.uv = ms[0].uv;
    }
  }
  for (auto& m : ms)
    if (!m.tri) m.tri = m.own_tri.data();
}

// Frame and lenses, entirely procedural.
void Face::addGlasses() {
  gstyle = "none";
  fcol = V3{0, 0, 0};
  ftint = 0;
  tintc = V3{1, 1, 1};
  {
    int st = rgl.i(4);
    F W = rgl.u(.205f, .245f), asp = rgl.u(.68f, .86f), pw = 2.4f, th = rgl.u(.018f, .034f), tilt = 0;
    static const char* GN[] = {"round", "rect", "wayfarer", "wire"};
    if (st == 0) {
      asp = rgl.u(.92f, 1.f);
      W *= .93f;
      pw = 2;
    } else if (st == 1) {
      pw = 4;
      asp *= .8f;
    } else if (st == 2) {
      pw = 3;
      tilt = .025f;
      th *= 1.25f;
    } else {
      pw = 2.3f;
      th = .013f;
    }
    int fc = rgl.pick({50, 18, 10, 8, 14});
    static const int FC[][3] = {{16, 15, 17}, {74, 40, 22}, {30, 40, 92}, {130, 24, 30}, {150, 140, 125}};
    if (st == 3 && rgl.p(.6f)) fc = 4;
    fcol = srgb(FC[fc][0], FC[fc][1], FC[fc][2]);
    ftint = rgl.u(.05f, .14f);
    tintc = V3{.75f, .8f, .85f};
    st = (int)getf(ov, "gstyle", (F)st);
    if (glasses) {
      gstyle = GN[st];
      F zf = max(v[133].z, v[169].z) + .02f;
      F sc = ipd / .616f;
      W *= sc;
      F zc = max(zf, max(eL.z, eR.z) + .255f * sc) + .015f;
      F ey = eM.y - .01f * sc;
      vector<V3> p;
      vector<int> tri;
      vector<V3> lp;
      vector<int> lt;
      for (int s = -1; s <= 1; s += 2) {
        V3 c{(s < 0 ? min(eL.x, eR.x) : max(eL.x, eR.x)) * 1.05f, ey - .02f * sc, zc};
        vector<V3> loop;
        int n = 36;
        for (int k = 0; k < n; k++) {
          F a = 2 * PI * k / n, ca = cosf(a), sa = sinf(a);
          F r = powf(powf(fabsf(ca), pw) + powf(fabsf(sa), pw), -1 / pw);
          F x = W * r * ca, y = W * asp * r * sa;
          y += tilt * sc * (x * s) / W * (sa > 0 ? 1.6f : .4f);
          if (st == 2 && sa < 0) x *= 1 + .12f * sa;
          if (st == 3 && sa < 0) x *= 1 + .06f * sa;
          V3 q{c.x + x, c.y + y, 0};
          q.z = zc - .22f * q.x * q.x;
          loop.push_back(q);
        }
        tube(p, tri, loop, true, th * sc, th * sc, V3{0, 0, 1});
        int b0 = (int)lp.size();
        V3 cc = c;
        cc.z = zc - .22f * c.x * c.x;
        lp.push_back(cc);
        for (auto& q : loop) lp.push_back(q);
        for (int k = 0; k < n; k++) {
          lt.push_back(b0);
          lt.push_back(b0 + 1 + k);
          lt.push_back(b0 + 1 + (k + 1) % n);
        }
        V3 hinge{c.x + s * W * 1.02f, c.y + W * asp * .35f, zc - .22f * (c.x + s * W) * (c.x + s * W)};
        F earx = 0, eary = eM.y;
        for (int k : {12038, 12043, 12065}) {
          earx = max(earx, fabsf(v[k].x));
        }
        earx -= .06f;
        F earz = v[12038].z + .12f;
        vector<V3> tm;
        for (int k = 0; k <= 8; k++) {
          F t = k / 8.f;
          tm.push_back({mixf(hinge.x, s * max(earx, fabsf(hinge.x) * .97f), powf(t, .85f)),
                        mixf(hinge.y, eary + .14f, t), mixf(hinge.z, earz, t)});
        }
        tube(p, tri, tm, false, th * sc * .8f, th * sc * 1.1f, V3{0, 1, 0});
      }
      F bx = max(eL.x, eR.x) * 1.05f - W * .97f;
      vector<V3> br;
      for (int k = 0; k <= 8; k++) {
        F t = k / 4.f - 1;
        br.push_back({bx * t, ey + .04f * sc + .035f * sc * (1 - t * t), zc + .01f - .22f * bx * bx * t * t});
      }
      tube(p, tri, br, false, th * sc * .9f, th * sc * .9f, V3{0, 0, 1});
      {
        Mesh& m = add(FRAME);
        m.nv = (int)p.size();
        m.p = p;
        m.own_tri = tri;
        m.own_uv.assign(p.size() * 2, 0);
        m.nt = (int)tri.size() / 3;
      }
      {
        Mesh& m = add(LENS);
        m.nv = (int)lp.size();
        m.p = lp;
        m.own_tri = lt;
        m.own_uv.assign(lp.size() * 2, 0);
        m.nt = (int)lt.size() / 3;
        m.shadow = false;
      }
      for (auto& m : ms)
        if (m.mat == FRAME || m.mat == LENS) {
          m.tri = m.own_tri.data();
          m.uv = m.own_uv.data();
        }
    }
  }
  for (auto& m : ms)
    if (!m.own_tri.empty()) m.tri = m.own_tri.data();
}

// Twists the head on its neck.
void Face::turnHead() {
  F bodyf = rps.u(.35f, .75f);
  F cy = under.y;
  V3 piv{0, cy + .15f, .45f};
  auto rot = [&](V3 q, F yw, F pt, F rl) {
    q = q - piv;
    F c = cosf(rl), s = sinf(rl);
    q = {q.x * c - q.y * s, q.x * s + q.y * c, q.z};
    c = cosf(pt);
    s = sinf(pt);
    q = {q.x, q.y * c - q.z * s, q.y * s + q.z * c};
    c = cosf(yw);
    s = sinf(yw);
    q = {q.x * c + q.z * s, q.y, -q.x * s + q.z * c};
    return q + piv;
  };
  auto pose = [&](V3 q) {
    F t = sstep(cy - .75f, cy + .12f, q.y);
    return rot(q, DEGREES * yaw * mixf(bodyf, 1, t), DEGREES * pitch * t, DEGREES * roll * t);
  };
  for (auto& m : ms)
    for (auto& q : m.p) q = pose(q);
  eMp = pose(eM), hcen = pose({0, eM.y, .55f});
  for (auto& m : ms) normals(m, m.mat == SKIN ? &brv : nullptr, v.size());
  for (auto& m : ms)
    if (m.mat == BEARD) m.n = ms[0].n;
}

// Frames the eyes and projects every mesh.
void Face::placeCamera() {
  F D = rcam.u(8.5f, 13), ipdN = mixf(.616f, ipd, .5f), frac = .238f * expf(rcam.nc(.03f, .06f));
  F ax = .5f + rcam.nc(.012f, .03f), ay = .485f + rcam.nc(.012f, .03f);
  frac = getf(ov, "frac", frac);
  ay = getf(ov, "ay", ay);
  V3 anchor = mix(hcen, eMp, .62f);
  anchor.y = eMp.y;
  F zAnchor = eMp.z;
  cam = V3{anchor.x, anchor.y, zAnchor + D};
  F scale = frac * SS / ipdN * D;
  auto proj = [&](V3 q) {
    F z = cam.z - q.z;
    return V3{ax * SS + scale * (q.x - cam.x) / z, ay * SS - scale * (q.y - cam.y) / z, z};
  };
  for (auto& m : ms) {
    m.sp.resize(m.nv);
    for (int k = 0; k < m.nv; k++) m.sp[k] = proj(m.p[k]);
  }
}
