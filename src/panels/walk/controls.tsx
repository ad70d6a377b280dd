import type { Easing } from '../../core/interpolate';
import type { PathMode } from '../../core/path';
import { Button } from '../../ui/button';
import { Field } from '../../ui/field';
import { ShuffleIcon } from '../../ui/icons';
import { NumberField } from '../../ui/number-field';
import { ControlGroup } from '../../ui/panel-layout';
import { SegmentedControl } from '../../ui/segmented';
import { Select } from '../../ui/select';
import { useUrlParam } from '../../ui/session-context';
import { Slider } from '../../ui/slider';
import { Switch } from '../../ui/switch';
import { freshSeed, PAPER_KEYFRAMES, sampleRefs } from './keyframes';
import { KeyframeSources } from './keyframe-sources';
import {
  closedParam,
  compareParam,
  easingParam,
  endlessSeedParam,
  framesParam,
  interpolationParam,
  kindParam,
  speedParam,
  stepsParam,
} from './params';
import type { Walk } from './use-walk';

const KINDS = [
  { value: 'keys', label: 'Keyframes' },
  { value: 'endless', label: 'Endless' },
] as const;

const MODES = [
  { value: 'lerp', label: 'Straight', name: 'Straight (lerp)' },
  { value: 'slerp', label: 'Sphere', name: 'Sphere (slerp)' },
] as const satisfies readonly { value: PathMode; label: string; name: string }[];

const EASINGS = [
  { value: 'linear', label: 'Even speed' },
  { value: 'ease-in-out', label: 'Rest at each keyframe' },
  { value: 'ease-in', label: 'Start slowly' },
  { value: 'ease-out', label: 'Arrive slowly' },
] as const satisfies readonly { value: Easing; label: string }[];

/** What the walk is made of, and how it goes. */
export function WalkControls({ walk }: { walk: Walk }) {
  const [kind, setKind] = useUrlParam(kindParam);
  return (
    <>
      <ControlGroup>
        <SegmentedControl label="Kind of walk" value={kind} options={KINDS} onChange={setKind} />
        {kind === 'keys' ? <KeyframeSources walk={walk} /> : <EndlessSeed />}
      </ControlGroup>
      {kind === 'keys' && <PathControls />}
      <PaceControls />
    </>
  );
}

function PathControls() {
  const [interpolation, setInterpolation] = useUrlParam(interpolationParam);
  const [closed, setClosed] = useUrlParam(closedParam);
  const [compare, setCompare] = useUrlParam(compareParam);
  const [easing, setEasing] = useUrlParam(easingParam);
  return (
    <ControlGroup>
      <Field label="From keyframe to keyframe">
        <SegmentedControl
          label="Interpolation"
          value={interpolation}
          options={MODES}
          onChange={setInterpolation}
        />
      </Field>
      <Switch label="Compare both" checked={compare} onChange={setCompare} />
      <Switch label="Closed loop" checked={closed} onChange={setClosed} />
      <Select label="Easing" value={easing} options={EASINGS} onChange={setEasing} />
    </ControlGroup>
  );
}

function PaceControls() {
  const [frames, setFrames] = useUrlParam(framesParam);
  const [speed, setSpeed] = useUrlParam(speedParam);
  const [kind] = useUrlParam(kindParam);
  return (
    <ControlGroup>
      <Slider
        label={kind === 'keys' ? 'Frames to the next keyframe' : 'Frames to a new picture'}
        value={frames}
        min={2}
        max={120}
        step={1}
        mark={framesParam.fallback}
        onChange={setFrames}
      />
      <Slider
        label="Speed"
        unit="frames/s"
        value={speed}
        min={1}
        max={60}
        step={1}
        mark={speedParam.fallback}
        onChange={setSpeed}
      />
    </ControlGroup>
  );
}

function EndlessSeed() {
  const [seed, setSeed] = useUrlParam(endlessSeedParam);
  return (
    <>
      <Field label="Seed of the endless walk">
        <NumberField
          label="Seed of the endless walk"
          value={seed}
          min={0}
          max={2 ** 32 - 1}
          step={1}
          onChange={(next) => setSeed(Math.round(next))}
        />
      </Field>
      <Button icon={<ShuffleIcon />} onClick={() => setSeed(freshSeed(), { push: true })}>
        Another walk
      </Button>
    </>
  );
}

interface MoreControlsProps {
  walk: Walk;
  smooth: boolean;
  onSmooth: (smooth: boolean) => void;
}

/** What an audience can do without. */
export function MoreControls({ walk, smooth, onSmooth }: MoreControlsProps) {
  const [steps, setSteps] = useUrlParam(stepsParam);
  const keys = walk.settings.kind === 'keys';
  const likeThePaper = () => {
    walk.setKeys(sampleRefs(freshSeed(), PAPER_KEYFRAMES));
    setSteps(10);
  };
  return (
    <>
      {keys && (
        <ControlGroup>
          <Slider
            label="Pictures a row of the strip"
            value={steps}
            min={3}
            max={16}
            step={1}
            mark={stepsParam.fallback}
            onChange={setSteps}
          />
          <Button onClick={likeThePaper}>Like the paper: nine at random</Button>
        </ControlGroup>
      )}
      <ControlGroup>
        <Switch label="Blend pixels on the screen" checked={smooth} onChange={onSmooth} />
      </ControlGroup>
    </>
  );
}
