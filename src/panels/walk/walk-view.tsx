import type { CurrentModel } from '../../session/session';
import { IconButton } from '../../ui/button';
import { AddIcon } from '../../ui/icons';
import { keepOnShelf } from '../../ui/latent-actions';
import { Menu, MenuItem } from '../../ui/menu';
import { PanelLayout } from '../../ui/panel-layout';
import { ProgressBar } from '../../ui/progress-bar';
import { useCurrentModel, useSession, useUrlParam } from '../../ui/session-context';
import { useShortcuts } from '../../ui/shortcuts';
import { useStored } from '../../ui/use-stored';
import { useExport } from '../export-jobs';
import { MoreControls, WalkControls } from './controls';
import { ExportMenu } from './export-menu';
import { FilmStrip } from './film-strip';
import { KeyframeRow } from './keyframe-row';
import { freshSeed } from './keyframes';
import { NormChart } from './norm-chart';
import { compareParam, stepsParam } from './params';
import { Stage } from './stage';
import { Timeline } from './timeline';
import { Transport } from './transport';
import { useTimelineRange } from './use-timeline-range';
import { useWalk, type Walk } from './use-walk';
import { useWalkPlayer, type WalkPlayer } from './use-walk-player';
import { describeFrame, mainTrack, placeOfFrame } from './walk';
import styles from './walk-view.module.css';

export function WalkView() {
  const model = useCurrentModel();
  return model && <WalkOf model={model} />;
}

function WalkOf({ model }: { model: CurrentModel }) {
  const walk = useWalk(model);
  const walkPlayer = useWalkPlayer(walk);
  const [steps] = useUrlParam(stepsParam);
  const [scaling, setScaling] = useStored('walk-scaling', 'nearest', ['nearest', 'smooth']);
  const smooth = scaling === 'smooth';
  const { player } = walkPlayer;
  const range = useTimelineRange(walk, player);
  const keep = useKeep(walk, walkPlayer);
  useKeys(walkPlayer, keep);
  const { settings, keyframes } = walk;
  const endless = settings.kind === 'endless';
  const { width, height } = model.spec.output;

  return (
    <PanelLayout
      controls={<WalkControls walk={walk} />}
      more={
        <MoreControls
          {...{ walk, smooth }}
          onSmooth={(on) => setScaling(on ? 'smooth' : 'nearest')}
        />
      }
    >
      <div
        className={styles.main}
        data-compare={settings.compare && !endless}
        data-wide={endless || settings.compare || keyframes.length < 2}
      >
        <div className={styles.pictures}>
          <Stage
            player={player}
            {...{ width, height }}
            compare={settings.compare && !endless}
            interpolation={settings.interpolation}
            smooth={smooth}
          />
        </div>
        {!endless && keyframes.length > 1 && (
          <div className={styles.strip}>
            <FilmStrip walk={walk} walkPlayer={walkPlayer} steps={steps} />
          </div>
        )}
        <Footer {...{ walk, walkPlayer, range }} onKeep={keep} />
      </div>
    </PanelLayout>
  );
}

interface FooterProps {
  walk: Walk;
  walkPlayer: WalkPlayer;
  range: { from: number; to: number; ticks: number[] };
  onKeep: () => void;
}

function Footer({ walk, walkPlayer, range, onKeep }: FooterProps) {
  const { player, toggle, jump, seek, commit } = walkPlayer;
  const { settings, keyframes, scene, leftOut } = walk;
  const jobs = useExport('the Walk');
  const describe = (index: number) =>
    describeFrame(index, scene?.count ?? 0, keyframes.length, settings);
  return (
    <div className={styles.footer}>
      <div className={styles.along}>
        <NormChart walk={walk} player={player} from={range.from} to={range.to} height={92} />
        <Timeline
          player={player}
          {...range}
          describe={describe}
          onToggle={toggle}
          onSeek={seek}
          onJump={jump}
          onCommit={commit}
        />
      </div>
      <Transport
        player={player}
        place={(index) => placeOfFrame(index, scene?.count ?? 0, keyframes.length, settings)}
        onToggle={toggle}
        onStep={(frames) => jump(player.index() + frames)}
        onKeep={onKeep}
        busy={
          jobs.progress && (
            <ProgressBar
              className={styles.progress}
              label={jobs.progress.label}
              fraction={jobs.progress.fraction}
              onCancel={jobs.cancel}
            />
          )
        }
      >
        <ExportMenu walk={walk} walkPlayer={walkPlayer} jobs={jobs} />
      </Transport>
      {settings.kind === 'keys' && (
        <KeyframeRow walk={walk} walkPlayer={walkPlayer}>
          <AddKeyframe walk={walk} walkPlayer={walkPlayer} />
        </KeyframeRow>
      )}
      {leftOut > 0 && (
        <p className={styles.note}>
          {leftOut} of the keyframes belong to a model with another latent size and are left out.
        </p>
      )}
    </div>
  );
}

function AddKeyframe({ walk, walkPlayer }: { walk: Walk; walkPlayer: WalkPlayer }) {
  const frameShown = () =>
    walk.scene?.tracks[mainTrack(walk.settings)]?.latent(walkPlayer.player.index());
  return (
    <Menu
      side="top"
      trigger={
        <IconButton label="Add a keyframe" look="plain" className={styles.add}>
          <AddIcon />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => walk.addKeys([{ kind: 'sample', seed: freshSeed(), index: 0 }])}>
        A random one
      </MenuItem>
      <MenuItem
        onSelect={() => {
          const z = frameShown();
          if (z) walk.addKeys([{ kind: 'exact', z }]);
        }}
      >
        The frame shown
      </MenuItem>
      <MenuItem disabled onSelect={() => undefined}>
        From the shelf or the library: click or drag it
      </MenuItem>
    </Menu>
  );
}

/** Puts the frame shown on the shelf. */
function useKeep({ model, scene, settings }: Walk, { player }: WalkPlayer): () => void {
  const session = useSession();
  return () => {
    const index = player.index();
    const z = scene?.tracks[mainTrack(settings)]?.latent(index);
    if (!z) return;
    const label = `Walk, frame ${index + 1}`;
    const payload = { z, label, ref: { kind: 'exact', z }, thumbnail: '' } as const;
    void keepOnShelf(session, { ...payload, modelHash: model.modelHash }, ['walk']);
  };
}

function useKeys({ player, toggle, jump }: WalkPlayer, keep: () => void): void {
  const [compare, setCompare] = useUrlParam(compareParam);
  useShortcuts('Walk', [
    { key: ' ', display: 'Space', label: 'Play and pause', run: toggle },
    {
      key: 'ArrowLeft',
      display: '←',
      label: 'One frame back',
      run: () => jump(player.index() - 1),
    },
    { key: 'ArrowRight', display: '→', label: 'One frame on', run: () => jump(player.index() + 1) },
    { key: 'k', label: 'Keep the frame shown', run: keep },
    { key: 'c', label: 'Compare straight and sphere', run: () => setCompare(!compare) },
    { key: 'PageUp', label: 'On the timeline: next keyframe' },
    { key: 'PageDown', label: 'On the timeline: previous keyframe' },
    { key: 'Delete', label: 'On a keyframe: remove' },
  ]);
}
