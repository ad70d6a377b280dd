import { useCurrentModel, useUrlParam } from '../../ui/session-context';
import { Tabs } from '../../ui/tabs';
import { ForgetView } from './forget-view';
import { LookView } from './look-view';
import { sideParam } from './params';
import styles from './view.module.css';

export function FiltersView() {
  const model = useCurrentModel();
  const [side, setSide] = useUrlParam(sideParam);
  if (!model) return null;
  return (
    <Tabs
      label="Sides of the Filters panel"
      className={styles.tabs}
      value={side}
      onChange={setSide}
      tabs={[
        {
          value: 'look',
          label: 'Look & switch',
          content: <LookView key={model.handle} model={model} />,
        },
        {
          value: 'forget',
          label: 'Forget',
          content: <ForgetView key={model.handle} model={model} />,
        },
      ]}
    />
  );
}
