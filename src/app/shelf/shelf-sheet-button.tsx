import { KeepIcon } from '../../ui/icons';
import { useSession, useStoreValue } from '../../ui/session-context';
import { PHONE, useMediaQuery } from '../../ui/use-media-query';
import { useSheetOpen } from './tray-state';

/** On a phone the shelf opens from the bottom bar. */
export function ShelfSheetButton({ className }: { className: string | undefined }) {
  const { shelf } = useSession();
  const phone = useMediaQuery(PHONE);
  const [open, setOpen] = useSheetOpen();
  const count = useStoreValue(shelf.store, (state) => state.items.length);
  if (!phone) return null;
  return (
    <button type="button" className={className} aria-expanded={open} onClick={() => setOpen(!open)}>
      <KeepIcon />
      <span>Shelf {count > 0 && count}</span>
    </button>
  );
}
