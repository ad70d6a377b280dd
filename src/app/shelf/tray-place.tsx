import { cx } from '../../ui/class-names';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import styles from './shelf-tray.module.css';
import { useTrayState } from './tray-state';

/** Keeps the tray's place until it is loaded, so that nothing jumps. */
export function TrayPlace() {
  const phone = useMediaQuery(PHONE);
  const { open } = useTrayState(phone);
  if (phone) return null;
  return <div className={cx(styles.tray, styles.place, !open && styles.folded)} />;
}
