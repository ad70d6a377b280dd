/** What to notice in Architecture. */
export function Notes() {
  return (
    <>
      <p>
        A file of weights holds numbers and names. How many layers there are, and how they grow the
        image, follows from the shapes. What stands between the layers does not: an activation has
        no weights.
      </p>
      <h3>Change a cell</h3>
      <p>
        Open a file of your own, then change what was guessed. The sixteen samples are drawn again
        from the same z. A wrong activation makes mud; a wrong order of batch norm and activation is
        often only a little too pale. Trust your eyes.
      </p>
      <h3>Turn the kernels</h3>
      <p>
        Theano turned its kernels by 180° when it convolved, torch and Keras do not. The weights
        that the paper’s authors released draw house numbers one way and noise the other.
      </p>
      <h3>Batch norm looks at its neighbours</h3>
      <p>
        With the statistics of the batch, one picture depends on which others are drawn beside it
        (section 3 of the paper calls batch norm critical for training). Frozen statistics end that:
        each z has its one picture. Watch the row of the batch’s own while you draw new neighbours.
      </p>
      <h3>Then</h3>
      <p>
        Save what you found out: the safetensors file carries its description, so it opens at once
        next time, here and at your colleagues’.
      </p>
    </>
  );
}
