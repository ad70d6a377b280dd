// One portrait, built in stages that share this state. Every stage is in person.h, geometry.h or shading.h.
#pragma once
#include "tables.h"

static const F DEGREES = PI / 180;  // radians a degree
static const int SKY_LIGHTS = 7;    // directions of the ambient light

struct Surface;

struct Face {
  Face(uint64_t seed, const Over& overrides) : seed(seed), ov(overrides) {}

  // Draws the portrait as SS × SS samples of linear light and notes its attributes in `out`.
  void draw() {
    g_seed = hash32((uint32_t)seed * 2654435761u + 12345u);
    sampleAttributes();
    shapeHead();
    adjustShape();
    express();
    findLandmarks();
    addHead();
    addEyes();
    addLashesAndBrows();
    addHair();
    addBeard();
    addGlasses();
    turnHead();
    placeCamera();
    rasterise();
    placeLights();
    chooseMaterials();
    shade();
    record();
  }

  vector<V3> img;  // SS × SS, row-major
  Out out;

 private:
  // person.h
  void sampleAttributes();
  void shapeHead();
  void adjustShape();
  void express();
  // geometry.h
  void findLandmarks();
  void addHead();
  void addEyes();
  void addLashesAndBrows();
  void addHair();
  void addBeard();
  void addGlasses();
  void turnHead();
  void placeCamera();
  // shading.h
  void rasterise();
  void placeLights();
  void chooseMaterials();
  void shade();
  V3 background(int x, int y) const;
  void surfaceAt(int x, int y, Surface& s) const;
  void applyMaterial(Surface& s) const;
  void applySkin(Surface& s) const;
  void skinTone(Surface& s, V3& tint) const;
  void faceHair(Surface& s) const;
  void applyHair(Surface& s) const;
  V3 light(const Surface& s) const;
  void record();

  Rng stream(int k) const { return Rng(seed * 64 + k); }
  Mesh& add(Mat m) {
    ms.emplace_back();
    ms.back().mat = m;
    return ms.back();
  }
  void LR(const string& a, const string& b, F w) {  // an expression target on both sides
    apply(v, "expr-" + a + "-left-" + b, w);
    apply(v, "expr-" + a + "-right-" + b, w);
  }

  uint64_t seed;
  const Over& ov;
  // one stream a group of attributes
  Rng ra, rsm, rgl, rbd, rps, rag, ran, rhs, rhc, rli, rbg, rsh, rey, rcl, rcam, rmk, rmo;
  // attributes
  bool male, smiling, teeth, glasses, hflip;
  string G;                        // male or female, as in the names of targets
  F sm, smW, mo;                   // smile, its width, open mouth
  F yaw, pitch, roll;              // degrees
  F old, blen, stubble, blink;     // age morph, beard length
  F wa[3] = {0, 0, 0};             // ancestry weights, in the order of AN
  int age, beard, tache, hs, hc;   // hs, hc: hair style and colour
  int ec = 0;                      // eye colour
  string hn, gstyle;               // names of the hair and of the glasses' style
  V3 hcol;
  bool hasHair, afro;
  // geometry
  vector<V3> v;                    // morphed base mesh
  vector<Mesh> ms;
  const vector<int>& brv = R("body.rv").i;  // render vertex of the body → base vertex
  V3 eL, eR, eM, under;            // eyes, their middle, a point under the chin
  F ipd;                           // distance of the eyes
  V3 eMp, hcen, cam;               // after turning: middle of the eyes, centre of the head; camera
  // light
  F laz, lel, ratio, warm, soft, key, amb, rimI, expo;
  V3 L, kc, sky, rimD, rimC;
  SMap km;
  // materials
  V3 fcol, tintc;                  // frame, lens
  F ftint;
  Tex st[3];                       // skin textures and their gains, by ancestry
  V3 sg[3];
  V3 skinMul, shirt, lipc, browc, bgA, bgB;
  F neckOff, lipw, buzzDen, hgloss, sgloss, bang, bno;
  bool lipst, eyesh;
  int bkind;
  uint32_t bsd;
};
