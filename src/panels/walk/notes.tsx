/** "What to notice": section 6.1 of the paper, and what shells have to do with straight lines. */
export function Notes() {
  return (
    <>
      <p>
        Every frame is drawn from a latent that the network has never seen. If it had only stored
        its training pictures, the walk would jump from one to the next;{' '}
        <strong>smooth change</strong>, with each frame plausible in itself, speaks for something
        learned. That is the argument of section 6.1 of the DCGAN paper, whose figure 4 walks
        between nine random points: a wall grows a window, a television turns into a lamp.
      </p>
      <p>
        <strong>Where does it jump?</strong> Play slowly and watch for glasses, hair and the
        direction of the head: what changes at once, and what slides?
      </p>
      <h3>Straight or on the sphere</h3>
      <p>
        In 100 dimensions nearly all samples of the prior have nearly the same length: they lie in a
        thin shell, the band of the chart. The paper walks straight lines, and a straight line
        between two points of a shell cuts through its empty middle: |z| sags. The network was never
        trained there, and answers with an average.
      </p>
      <p>
        Turn on <em>Compare both</em>, stop halfway between two keyframes, and look at the
        difference. At the keyframes themselves it is zero.
      </p>
      <h3>Try</h3>
      <ul>
        <li>
          Put a keyframe at the end next to a very different one: how many frames until you notice?
        </li>
        <li>Close the loop, and let it run at the back of a lecture.</li>
        <li>
          <em>Endless</em>: a random walk that stays in the shell. The same seed gives the same walk
          on every machine.
        </li>
        <li>Keep a frame from the middle, and take it apart in Explore.</li>
      </ul>
    </>
  );
}
