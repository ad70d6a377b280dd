/** "What you are seeing": ten sentences, section 4 of the paper, and what to try. */
export function Notes() {
  return (
    <>
      <p>
        Two networks play against each other. The <strong>generator</strong> G turns random numbers
        z into pictures; the <strong>discriminator</strong> D looks at pictures and says how likely
        each is to be real. In every step D sees a batch of real pictures and a batch of G’s, and
        changes its weights a little to tell them apart better. Then G changes its own so that D is
        fooled a little more often: all that it ever learns about the data, it learns through D.
      </p>
      <p>
        The large grid shows the <strong>same sixteen z</strong> all along, so what changes there is
        G alone: first noise, then blobs of the right color, then shapes, then detail. The middle
        chart is the contest: D(x) is what D says of real pictures, D(G(z)) what it says of G’s, and
        the closer the two lines run, the harder D finds it. Neither loss falls to zero when all is
        well, because each network’s gain is the other’s loss:{' '}
        <strong>a GAN’s losses say who is ahead, not how good the pictures are</strong>. That is
        what the lowest chart is for: the distance between G’s pictures and real ones that were held
        out of training (small sets hold none out), and how much G’s pictures differ among
        themselves. If the second falls while the first rises, G has collapsed: many z, one picture.
        Dotted lines mark what you change on the way, such as a learning rate, so that you see what
        it does.
      </p>
      <p>
        <strong>The recipe</strong> is section 4 of the DCGAN paper: pictures scaled to [−1, 1],
        weights drawn from N(0, 0.02), Adam with a learning rate of 0.0002 and β₁ of 0.5. The
        authors found the usual 0.001 too high, and the usual β₁ of 0.9 made training oscillate.
        Both are under <em>Settings</em>: see for yourself.
      </p>
      <h3>Try</h3>
      <ul>
        <li>
          Pause, and train <em>only D</em> for some steps: D(G(z)) falls to zero, and G’s next steps
          learn little. Then <em>only G</em>.
        </li>
        <li>Set the learning rate of both to ×2, ×2, ×2 while it runs, and watch the charts.</li>
        <li>Drag the time machine back to the first snapshots, and play the film.</li>
        <li>
          Open what came out in the other panels, before it is finished and after: when does a walk
          become smooth, and when does arithmetic begin to work?
        </li>
        <li>
          Forty pictures of your own are enough for G to learn them by heart. How would you tell?
        </li>
      </ul>
    </>
  );
}
