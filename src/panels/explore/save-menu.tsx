import type { CurrentModel } from '../../session/session';
import { IconButton } from '../../ui/button';
import { DownloadIcon } from '../../ui/icons';
import { Menu, MenuItem } from '../../ui/menu';
import { useSession } from '../../ui/session-context';
import { useSaving } from './use-saving';

const SCALES = [1, 4, 8, 16];

/** The large picture as PNG, in a few sizes. */
export function SaveMenu(props: { model: CurrentModel; z: Float32Array; smooth: boolean }) {
  const { model, z, smooth } = props;
  const session = useSession();
  const { save } = useSaving();
  const { width, height } = model.spec.output;
  return (
    <Menu
      trigger={
        <IconButton label="Save as PNG">
          <DownloadIcon />
        </IconButton>
      }
    >
      {SCALES.map((scale) => (
        <MenuItem
          key={scale}
          onSelect={() =>
            void save(async (signal) => {
              const { savePicture } = await import('./export-picture');
              await savePicture(session, model, z, { scale, smooth, signal });
            })
          }
        >
          {width * scale} × {height * scale} pixels
        </MenuItem>
      ))}
    </Menu>
  );
}
