// Light, materials, and the colour of every sample; then what the CSV says.
#pragma once
#include "face.h"

// Directions and weights of the sky lights, and their shadow maps (of the face at hand).
static const F SKY_DIRECTION[SKY_LIGHTS][3] = {{0, .35f, 1},       {-.85f, .5f, .45f}, {.85f, .5f, .45f}, {0, 1, .25f},
                                               {-.5f, .75f, -.3f}, {.5f, .75f, -.3f},  {0, -.55f, .85f}};
static const F SKY_WEIGHT[SKY_LIGHTS] = {.27f, .15f, .15f, .2f, .06f, .06f, .11f};
static SMap skyMap[SKY_LIGHTS];

// Nearest surface of every sample; hair and lashes by stratified transparency; lenses apart.
void Face::rasterise() {
  afro = hn == "afro01";
  for (auto& q : vis) {
    q.z = 1e9f;
    q.m = -1;
  }
  for (auto& q : lensv) q = -1;
  for (int mi = 0; mi < (int)ms.size(); mi++) {
    Mesh& m = ms[mi];
    const F* uv = m.uv;
    for (int t = 0; t < m.nt; t++) {
      int a = m.tri[3 * t], b = m.tri[3 * t + 1], c = m.tri[3 * t + 2];
      V3 A = m.sp[a], B = m.sp[b], C = m.sp[c];
      if (m.mat == SKIN) {
        if ((B.x - A.x) * (C.y - A.y) - (B.y - A.y) * (C.x - A.x) >= 0) continue;
      }
      F zb = m.mat == BROW || m.mat == LASH ? -.02f : 0;
      raster(A, B, C, SS, SS, [&](int x, int y, F w0, F w1) {
        F w2 = 1 - w0 - w1;
        F z = w0 * A.z + w1 * B.z + w2 * C.z + zb;
        Vis& q = vis[y * SS + x];
        if (z >= q.z) return;
        if (m.mat == LENS) {
          lensv[y * SS + x] = t;
          return;
        }
        if (m.alpha) {
          F al = tapa(m.tx, uv[2 * a] * w0 + uv[2 * b] * w1 + uv[2 * c] * w2,
                      uv[2 * a + 1] * w0 + uv[2 * b + 1] * w1 + uv[2 * c + 1] * w2);
          if (m.acut > 0) {
            if (al < m.acut) return;
          } else {
            if (m.mat == HAIR) {
              al = sat((al - .06f) * 1.25f);
              if (afro && uv[2 * a] < .66f && uv[2 * a + 1] > .53f) al = 1;
              if (g_trim.on)
                al *= trim_keep(m.e0[a] * w0 + m.e0[b] * w1 + m.e0[c] * w2, m.e1[a] * w0 + m.e1[b] * w1 + m.e1[c] * w2,
                                m.e2[a] * w0 + m.e2[b] * w1 + m.e2[c] * w2);
            }
            al *= m.ascale;
            if (al < strat(x, y, mi * 131 + (m.mat == HAIR ? t >> 1 : 0))) return;
          }
        }
        if (m.mat == BEARD) {
          F u = uv[2 * a] * w0 + uv[2 * b] * w1 + uv[2 * c] * w2,
            vv = uv[2 * a + 1] * w0 + uv[2 * b + 1] * w1 + uv[2 * c + 1] * w2;
          F dn = m.e0[a] * w0 + m.e0[b] * w1 + m.e0[c] * w2;
          F ns = vnoise(u * 900, vv * 900, 17u);
          if (dn * (1.25f - m.k * .75f) * (.45f + .75f * ns) < strat(x, y, mi * 131)) return;
        }
        q = {z, mi, t, w0, w1};
      });
    }
  }
}

// Key light with its shadow map, a ring of sky shadow maps for ambient occlusion, perhaps a rim light.
void Face::placeLights() {
  laz = getf(ov, "light_az", rli.nc(34, 75)), lel = getf(ov, "light_el", rli.u(8, 52)), ratio = rli.u(.5f, 1.f), warm = rli.nc(.5f, 1), soft = rli.u(.04f, .16f);
  L = norm({sinf(laz * DEGREES) * cosf(lel * DEGREES), sinf(lel * DEGREES), cosf(laz * DEGREES) * cosf(lel * DEGREES)});
  kc = V3{1 + .13f * warm, 1, 1 - .16f * warm};
  kc = kc * (1 / lum(kc));
  sky = V3{1 - .07f * warm, 1, 1 + .1f * warm};
  sky = sky * (1 / lum(sky));
  key = 1.38f * ratio, amb = .86f - .36f * ratio;
  rimI = rli.p(.4f) ? rli.u(.25f, .8f) : 0;
  rimD = norm({rli.p(.5f) ? -.8f : .8f, rli.u(.1f, .5f), -.55f});
  rimC = V3{1, .97f, .93f};
  expo = getf(ov, "expo", 1.2f) * expf(rli.nc(.09f, .2f));

  km.n = 224;
  km.D = L;
  km.c = hcen;
  km.r = 2.0f;
  build_map(km, ms, true);
  for (int k = 0; k < SKY_LIGHTS; k++) {
    skyMap[k].n = 88;
    skyMap[k].D = norm({SKY_DIRECTION[k][0], SKY_DIRECTION[k][1], SKY_DIRECTION[k][2]});
    skyMap[k].c = hcen;
    skyMap[k].r = 2.0f;
    build_map(skyMap[k], ms, true);
  }
}

// Skin, hair, shirt, make-up and background colours.
void Face::chooseMaterials() {
  for (int a = 0; a < 3; a++) {
    string n = SKN[a][male][age];
    if (a == 2 && age == 0 && rcl.p(.5f))
      n = male ? "young_lightskinned_male_diffuse2" : "young_lightskinned_female_diffuse2";
    if (wa[a] > .01f) {
      st[a] = tex(n);
      const F* md = R("skinmed." + n).f.data();
      F gg = powf((a == 0 ? .042f : .43f) / md[1], .6f);
      sg[a] = V3{gg * powf((a == 0 ? 2.55f : 1.72f) * md[1] / md[0], .8f), gg,
                 gg * powf((a == 0 ? .46f : .62f) * md[1] / md[2], .8f)};
    }
  }
  F tone = expf(rcl.nc(.12f, .22f));
  skinMul = V3{tone * (1 + rcl.nc(.03f, .06f)), tone, tone * (1 + rcl.nc(.05f, .1f))};
  skinMul = skinMul * mix(mix(V3{.735f, .665f, .60f}, V3{.72f, .66f, .585f}, wa[1]), V3{1.36f, 1.36f, 1.3f}, wa[0]);
  shirt = hsv(rcl.u(), rcl.p(.35f) ? rcl.u(0, .15f) : rcl.u(.25f, .75f), rcl.u(.15f, .9f));
  neckOff = rcl.p(.12f) ? .32f : rcl.u(-.12f, .12f);
  lipst = !male && rmk.p(.4f);
  lipc = hsv(rmk.u(.93f, 1.02f), rmk.u(.5f, .8f), rmk.u(.45f, .75f));
  lipw = lipst ? rmk.u(.45f, .8f) : 0;
  eyesh = !male && rmk.p(.3f);
  browc = mix(hcol, srgb(40, 28, 22), hc >= 8 ? .35f : .6f) * .75f;
  buzzDen = hn == "buzz" ? rcl.u(.6f, .9f) : 0;
  hgloss = rcl.u(.5f, 1.3f), sgloss = rcl.u(.6f, 1.4f);
  F bh = rbg.u(), bs = rbg.u(.04f, .42f), bv = rbg.u(.22f, .88f);
  bgA = hsv(bh, bs, bv), bgB = hsv(bh + rbg.nc(.1f, .25f), rbg.u(.04f, .42f), clampf(bv + rbg.nc(.22f, .4f), .12f, .95f));
  bang = rbg.u(0, 2 * PI), bno = rbg.p(.5f) ? rbg.u(.2f, .6f) : rbg.u(0, .15f);
  bkind = rbg.i(3);
  bsd = (uint32_t)rbg.next();
}

// What a sample shows, and what its material makes of it.
struct Surface {
  const Mesh* m;
  int mesh, x, y, a, b, c;         // mesh number, sample, corners of the triangle
  F w0, w1, w2, u, vv;
  V3 p, n, vd;                     // position, normal, direction to the camera
  F sh, ao;                        // lit by the key light; by the sky
  F ndl, ndh, ndv, fres;
  V3 H;
  V3 alb{.5f, .5f, .5f}, wrap{0, 0, 0};
  F spec = 0, shin = 20, occ = 1;

  F ex(const vector<F>& e) const { return e[a] * w0 + e[b] * w1 + e[c] * w2; }
};

void Face::shade() {
  img.resize(SS * SS);
  for (int y = 0; y < SS; y++)
    for (int x = 0; x < SS; x++) {
      V3& pixel = img[y * SS + x];
      if (vis[y * SS + x].m < 0) {
        pixel = background(x, y);
        continue;
      }
      Surface s;
      surfaceAt(x, y, s);
      applyMaterial(s);
      V3 col = light(s) * expo;
      auto shoulder = [](F e) { return e < .45f ? e : .45f + .5f * (1 - expf(-(e - .45f) / .5f)); };
      pixel = {shoulder(col.x), shoulder(col.y), shoulder(col.z)};
    }
}

V3 Face::background(int x, int y) const {
  F u = x / (F)SS, w = y / (F)SS;
  F t = bkind == 0   ? .5f + (u - .5f) * cosf(bang) + (w - .5f) * sinf(bang)
        : bkind == 1 ? sstep(.1f, .75f, hypotf(u - .5f - .15f * cosf(bang), w - .45f))
                     : w;
  t += bno * (vnoise(u * 3.2f, w * 3.2f, bsd) + .5f * vnoise(u * 6.5f, w * 6.5f, bsd + 9) - .75f);
  return mix(bgA, bgB, sat(t)) * (1 - .25f * (sqrtf((u - .5f) * (u - .5f) + (w - .5f) * (w - .5f)) - .25f));
}

void Face::surfaceAt(int x, int y, Surface& s) const {
  const Vis& q = vis[y * SS + x];
  const Mesh& m = ms[q.m];
  s.m = &m, s.mesh = q.m, s.x = x, s.y = y;
  int a = s.a = m.tri[3 * q.t], b = s.b = m.tri[3 * q.t + 1], c = s.c = m.tri[3 * q.t + 2];
  F w0 = s.w0 = q.b0, w1 = s.w1 = q.b1, w2 = s.w2 = 1 - w0 - w1;
  const F* uv = m.uv;
  s.u = uv[2 * a] * w0 + uv[2 * b] * w1 + uv[2 * c] * w2;
  s.vv = uv[2 * a + 1] * w0 + uv[2 * b + 1] * w1 + uv[2 * c + 1] * w2;
  s.p = m.p[a] * w0 + m.p[b] * w1 + m.p[c] * w2;
  s.n = norm(m.n[a] * w0 + m.n[b] * w1 + m.n[c] * w2);
  s.vd = norm(cam - s.p);
  if (m.mat == HAIR && afro) s.n = norm(norm(s.p - hcen - V3{0, .25f, 0}) + s.n * .15f);
  if (m.mat == HAIR && dot(s.n, s.vd) < 0) s.n = s.n * -1.f;
  F bias = m.mat == HAIR || m.mat == BEARD ? .05f : .03f;
  V3 po = s.p + s.n * bias;
  s.sh = lookup(km, po, .015f, soft);
  s.ao = 0;
  for (int k = 0; k < SKY_LIGHTS; k++) {
    F ndl = dot(s.n, skyMap[k].D);
    s.ao += SKY_WEIGHT[k] * sat(.35f + .65f * ndl) * lookup(skyMap[k], po + s.n * .02f, .03f, .15f);
  }
  s.ao *= 1.75f;
  s.H = norm(L + s.vd);
  s.ndl = dot(s.n, L), s.ndh = max(0.f, dot(s.n, s.H)), s.ndv = max(0.f, dot(s.n, s.vd));
  s.fres = powf(1 - s.ndv, 5);
}

void Face::applyMaterial(Surface& s) const {
  F t4[4];
  switch (s.m->mat) {
    case SKIN:
      return applySkin(s);
    case HAIR:
      return applyHair(s);
    case TEETH:
      s.alb = srgb(232, 224, 208) *
              (dot(s.n, s.vd) < 0 ? .06f : mixf(.08f, 1.f, sstep(1.20f, 1.40f, s.ex(s.m->e0)))) * (s.mesh == 2 ? .55f : 1);
      s.spec = .5f;
      s.shin = 40;
      s.wrap = {.4f, .4f, .4f};
      s.ao = clampf(s.ao, .62f, .9f);
      s.sh = max(s.sh, .6f);
      break;
    case TONGUE:
      s.alb = srgb(160, 74, 70) * .6f;
      s.spec = .1f;
      s.ao = max(s.ao, .25f);
      break;
    case EYE:
      tap(s.m->tx, s.u, s.vv, t4);
      s.alb = V3{t4[0], t4[1], t4[2]} * .62f;
      s.wrap = {.3f, .25f, .25f};
      s.spec = 1.1f;
      s.shin = 220;
      s.ao = clampf(s.ao, .3f, .8f);
      s.sh = max(s.sh, .35f);
      s.occ = 1 - .45f * sstep(.0f, .11f, s.p.y - eMp.y - (s.p.x - eMp.x) * sinf(roll * DEGREES));
      break;
    case LASH:
      s.alb = {.012f, .01f, .01f};
      break;
    case BROW:
      s.alb = browc;
      s.wrap = {.3f, .3f, .3f};
      s.sh = max(s.sh, .5f);
      s.ao = max(s.ao, .4f);
      break;
    case BEARD:
      s.alb = mix(hcol, srgb(48, 34, 26), .35f) * (.5f + .7f * vnoise(s.u * 700, s.vv * 700, 31u) + .2f * s.m->k);
      s.wrap = {.3f, .3f, .3f};
      s.spec = .06f;
      s.shin = 10;
      s.occ = .75f + .25f * s.m->k;
      break;
    case FRAME:
      s.alb = fcol * .8f;
      s.spec = 1.2f;
      s.shin = 60;
      break;
    default:
      break;
  }
}

// Albedo of bare skin: textures by ancestry, their colour balanced. `tint` is the texture before that.
void Face::skinTone(Surface& s, V3& tint) const {
  F t4[4];
  tint = {0, 0, 0};
  for (int k = 0; k < 3; k++)
    if (wa[k] > .01f) {
      tap(st[k], s.u, s.vv, t4);
      V3 tc = V3{t4[0], t4[1], t4[2]} * sg[k];
      if (k == 0) {
        F g = lum(tc);
        tc = mix(tc, V3{g * 1.1f, g * .98f, g * .86f}, .05f);
      }
      tint = tint + tc * wa[k];
    }
  s.alb = tint * skinMul;
  F g = lum(s.alb);
  s.alb = mix(s.alb, V3{g * 1.25f, g * .96f, g * .72f}, .1f);
  s.alb = V3{g, g, g} + (s.alb - V3{g, g, g}) * 1.1f;
  s.alb.z = max(s.alb.z, 0.f);
}

void Face::applySkin(Surface& s) const {
  V3 tint;
  skinTone(s, tint);
  s.wrap = {.34f, .2f, .15f};
  s.spec = .35f * sgloss;
  s.shin = 18;
  F lip = s.ex(s.m->e3);
  if (lip > 0) {
    s.alb = mix(s.alb, s.alb * V3{.95f, .74f, .76f}, lip * .8f);
    F k2 = lip * lipw;
    s.alb = mix(s.alb, lipc * (.35f + lum(tint) / max(.05f, .35f)), k2 * .75f);
    s.spec += lip * (lipst ? .8f : .25f);
    s.shin = mixf(s.shin, 40, lip);
  }
  F in = s.ex(s.m->e2);  // inside of the mouth
  if (in > 0) {
    s.alb = mix(s.alb, V3{.13f, .028f, .024f}, sat(in * 1.2f));
    s.occ = 1 - .55f * sat(in);
    s.ao = max(s.ao, .22f * sat(in));
    s.spec *= 1 - in;
  }
  faceHair(s);
  if (eyesh) {
    V3 r = base0[brv[s.a]] * s.w0 + base0[brv[s.b]] * s.w1 + base0[brv[s.c]] * s.w2;
    F dx = fabsf(r.x) - .33f, dy = r.y - 7.37f;
    F e = (1 - sat((dx * dx) / .04f + (dy * dy) / .008f)) * (r.z > 1.1f);
    s.alb = mix(s.alb, s.alb * V3{.55f, .42f, .45f}, .6f * e);
  }
  F shirtLine = s.ex(s.m->e0) + neckOff;
  if (shirtLine > -.02f) {
    F k2 = sat((shirtLine + .02f) / .03f);
    F fold = .92f + .16f * vnoise(s.u * 60, s.vv * 60, 3u);
    s.alb = mix(s.alb, shirt * fold, k2);
    s.wrap = mix(s.wrap, V3{.1f, .1f, .1f}, k2);
    s.spec *= 1 - .9f * k2;
    if (shirtLine < .05f) s.occ *= mixf(1, .78f, k2);
  }
}

// Darkens the skin under hair, beard, moustache and stubble.
void Face::faceHair(Surface& s) const {
  F scalp = s.ex(s.m->e1);
  if (scalp > 0) {
    F k2 = hasHair ? .88f : buzzDen;
    k2 *= scalp * (hasHair ? 1 : .7f + .3f * vnoise(s.u * 700, s.vv * 700, 5u));
    if (hn == "bald") k2 = .0f;
    s.alb = mix(s.alb, hcol * .85f, sat(k2));
    s.spec *= 1 - .7f * k2;
  }
  if (!(stubble > 0 || beard || tache)) return;
  F d = 0;
  int qa = brv[s.a], qb = brv[s.b], qc = brv[s.c];
  auto at = [&](const vector<F>& e) { return e[qa] * s.w0 + e[qb] * s.w1 + e[qc] * s.w2; };
  if (beard == 1)
    d = at(mBeard) * .85f;
  else if (beard == 2)
    d = at(mGoat) * .85f;
  else if (stubble > 0)
    d = max(at(mBeard), at(mGoat)) * stubble * .55f;
  if (tache) d = max(d, at(mTache) * .85f);
  s.alb = mix(s.alb, mix(hcol, srgb(45, 34, 28), .4f) * .9f, sat(d));
  s.spec *= 1 - .7f * sat(d);
}

void Face::applyHair(Surface& s) const {
  F t4[4];
  tap(s.m->tx, s.u, s.vv, t4);
  F g = t4[0] / .35f;
  if (afro) {
    g = .75f + .6f * vnoise(s.x * .45f, s.y * .45f, 91u);
    s.ao = max(s.ao, .35f);
    s.sh = max(s.sh, .25f);
  }
  g = clampf(mixf(1, g, afro ? 1.f : .75f), .12f, 1.8f);
  s.alb = hcol * (g * 1.15f);
  s.wrap = {.25f, .25f, .25f};
  s.spec = .45f * hgloss * (.5f + .5f * g);
  s.shin = 14;
}

// Diffuse light with wrap, highlights, rim light, and the lens in front.
V3 Face::light(const Surface& s) const {
  Mat mat = s.m->mat;
  V3 dif{sat((s.ndl + s.wrap.x) / (1 + s.wrap.x)), sat((s.ndl + s.wrap.y) / (1 + s.wrap.y)),
         sat((s.ndl + s.wrap.z) / (1 + s.wrap.z))};
  V3 shc{powf(s.sh, .8f), s.sh, s.sh};
  V3 Lr = kc * dif * shc * key;
  V3 Ar = sky * (amb * s.ao);
  V3 col = s.alb * (Lr + Ar) * s.occ;
  F sp = s.spec * powf(s.ndh, s.shin) * (s.shin + 8) / 50.f * (.35f + .65f * s.fres) * sat(s.ndl * 4) * s.sh * .25f;
  V3 spc = mat == HAIR ? mix(hcol * 2.5f, V3{.5f, .5f, .5f}, .35f) : V3{1, 1, 1};
  if (mat == HAIR) sp = s.spec * powf(max(0.f, dot(s.n, s.H)), 22) * .55f * s.sh;
  if (mat == EYE) sp = s.spec * powf(s.ndh, s.shin) * 2.2f;
  col = col + kc * spc * (sp * key);
  col = col + sky * (amb * s.ao * s.occ * (mat == SKIN ? .05f * sgloss * s.fres : mat == EYE ? .04f : .0f));
  if (rimI > 0) {
    F r = sat(dot(s.n, rimD) + .15f) * powf(1 - s.ndv, 1.5f);
    col = col + (s.alb * 1.2f + V3{.05f, .05f, .05f}) * rimC * (r * rimI * 1.6f * s.ao * s.occ);
  }
  if (lensv[s.y * SS + s.x] >= 0) {
    F streak = sstep(.0f, .05f, sinf((s.p.x * 3.5f + s.p.y * 4.5f + laz * .05f)) - .55f);
    col = mix(col, col * tintc, ftint * 3) + sky * (.008f + .035f * streak * ratio);
  }
  return col;
}

// The attributes as they were drawn.
void Face::record() {
  static const char* AG[] = {"young", "middle", "old"};
  static const char* BT[] = {"none", "full", "goatee"};
  char hx[16];
  auto hex = [&](V3 c) {
    snprintf(hx, 16, "#%02x%02x%02x", (int)lrintf(255 * to_srgb(c.x)), (int)lrintf(255 * to_srgb(c.y)),
             (int)lrintf(255 * to_srgb(c.z)));
    return string(hx);
  };
  out.i("seed", (long long)seed);
  out.s("gender", G);
  out.f("smile", sm);
  out.i("smiling", smiling);
  out.i("teeth", teeth);
  out.f("mouth_open", mo);
  out.i("glasses", glasses);
  out.s("glasses_style", gstyle);
  out.i("beard", beard > 0);
  out.s("beard_type", BT[beard]);
  out.i("moustache", tache);
  out.f("stubble", stubble);
  out.f("yaw", yaw);
  out.f("pitch", pitch);
  out.f("roll", roll);
  out.s("age", AG[age]);
  out.f("age_mix", old);
  out.f("african", wa[0]);
  out.f("asian", wa[1]);
  out.f("caucasian", wa[2]);
  out.s("hair_style", hn);
  out.s("hair_color", HCOL[hc].name);
  out.s("hair_rgb", hex(hcol));
  out.s("eye_color", EYES[ec]);
  out.i("lipstick", lipst);
  out.f("blink", blink);
  out.f("light_az", laz);
  out.f("light_el", lel);
  out.f("light_ratio", ratio);
  out.f("light_warm", warm);
  out.i("rim_light", rimI > 0);
  out.s("shirt_rgb", hex(shirt));
  out.s("bg1_rgb", hex(bgA));
  out.s("bg2_rgb", hex(bgB));
}
