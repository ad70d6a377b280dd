/** Five sentences on what happens, and what to try. */
export function Notes() {
  return (
    <>
      <p>
        The network was never told what a smile or a woman is, yet z keeps them apart: the mean of
        three latents of smiling women is a smiling woman again. Taking away the mean of neutral
        women leaves a vector that is little more than the smile, and adding it to the mean of
        neutral men makes them smile. One exemplar a group carries along everything that is
        particular to that one face; averaging cancels it, which is why the paper uses three. The
        same sums with pixels only lay pictures over each other. A turned head works in the same
        way: the mean of faces looking one way minus that of faces looking the other way is a
        direction, and any face can be moved along it.
      </p>
      <p>
        DCGAN paper, section 6.3.2, figures 7 and 8. The eight faces around the result are the
        result plus uniform noise: ±0.25 for the paper’s uniform prior, ±0.43 is its like for a
        normal one.
      </p>
      <h3>Try next</h3>
      <ul>
        <li>
          Drag “How much of the difference” to 0: the last group alone. Beyond 1 the smile grows,
          until the face breaks.
        </li>
        <li>
          Look at |z|: averages are shorter than samples. Scale the result to the prior’s shell and
          see what comes back.
        </li>
        <li>
          Open “Controls”: a random vector of the same length should change the face, but not make
          it smile.
        </li>
        <li>Change a sign by clicking it, or swap in exemplars of your own.</li>
        <li>Measure how often it holds, with one exemplar and with three.</li>
      </ul>
    </>
  );
}
