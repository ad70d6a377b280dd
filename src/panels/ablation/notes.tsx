/** Five sentences on what happens, and what to try. */
export function Notes() {
  return (
    <>
      <p>
        Each layer of the generator is a stack of filters, and each filter leaves a map: bright
        where it has something to say about this picture. Nobody told any filter what to draw, yet a
        few of them turn out to be busy wherever there is a window. To find those, boxes were drawn
        around windows in 150 samples, and a logistic regression learned to tell places inside the
        boxes from other places of the same pictures by the filters’ values alone. Filters with a
        positive weight speak for a window; dropping them all, everywhere, and drawing the same z
        again shows rooms in which windows are gone or have become doors, pictures and bare wall.
        The rest of the room mostly stays, which is the point: the network keeps what there is apart
        from how the scene is laid out.
      </p>
      <p>
        DCGAN paper, section 6.3.1 and figure 6. The paper dropped 200 filters of its second-highest
        convolution layer, which has 256 on a 16×16 map. The rooms have 128 filters on the 16×16
        map, the other models half as many, so the numbers to drop are smaller; the place of the
        layer is the same.
      </p>
      <h3>Try next</h3>
      <ul>
        <li>
          Rest the pointer on a tile: the picture is drawn at once as it would be without it. Click
          to switch it off, drag to paint over several.
        </li>
        <li>
          Drop as many filters at random: a control. If windows go then too, it was not the filters’
          doing.
        </li>
        <li>
          Choose filters by measured effect instead: each is dropped alone, and counts by what
          changes inside the boxes and outside. A filter that is busy at windows need not be the one
          that draws them (Bau and others, GAN Dissection, 2019).
        </li>
        <li>
          Go to Walk or Arithmetic with the mask on: the badge at the top says so and switches it
          off.
        </li>
        <li>On Characters, load the boxes around glasses, and count how many faces lose them.</li>
      </ul>
    </>
  );
}
