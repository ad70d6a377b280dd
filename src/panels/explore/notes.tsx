/** What to notice in Explore. */
export function Notes() {
  return (
    <>
      <p>
        Every picture is made from nothing but a list of random numbers, <em>z</em>. The generator
        has never stored a picture: it turns each z into one, the same z always into the same one.
      </p>
      <h3>Drag a bar</h3>
      <p>
        One of the numbers changes, and often several things in the picture at once: hair, light,
        pose. The numbers have no names. Directions that mean something run across many of them.
      </p>
      <h3>Lower the truncation</h3>
      <p>
        Numbers far from 0 are drawn again, nearer to it: the pictures become more alike and fail
        less often. At 0 they are all the same one. Variety is what it costs.
      </p>
      <h3>Mind the shell</h3>
      <p>
        With 100 numbers from a normal distribution, |z| is almost always near 10: samples lie on a
        thin shell, and none at the centre. The scale under the large picture shows where yours
        lies. Leave the shell, and the generator has to guess.
      </p>
      <h3>Vary one</h3>
      <p>
        Neighbours look like kin. If small steps made jumps, the network would have learnt its
        training images by heart (section 6.1 of Radford, Metz and Chintala, 2015).
      </p>
      <h3>Then</h3>
      <p>
        Keep three that you like, and walk between them in the next panel. Try the other priors: the
        model only ever saw its own.
      </p>
    </>
  );
}
