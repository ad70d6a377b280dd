/** What a shelf item says about itself. */
import type { CurrentModel, Session } from '../../session/session';
import type { ShelfItem } from '../../session/shelf';

/** A click on what this panel cannot use is answered, with the way on where there is one. */
export function tellWhyNot(session: Session, item: ShelfItem, model: CurrentModel | null): void {
  if (item.kind !== 'latent' && item.kind !== 'mask') {
    session.notices.post({
      level: 'info',
      message: `“${item.label}” is no latent but ${KIND_PHRASES[item.kind]}.`,
    });
    return;
  }
  const { entries } = session.models.store.getState();
  const owner = entries.find((entry) => entry.files.generator.sha256 === item.modelHash);
  session.notices.post({
    level: 'info',
    message: `“${item.label}” was made with ${owner?.title ?? 'a model that is not open here'}.`,
    hint: `In ${model?.title ?? 'this model'} the same numbers mean ${item.kind === 'mask' ? 'other filters' : 'another picture'}.`,
    ...(owner && {
      action: {
        label: `Open ${owner.title}`,
        run: () => void session.models.open(owner.id).catch(() => undefined),
      },
    }),
  });
}

const KIND_PHRASES = {
  direction: 'a direction: it changes pictures in the Arithmetic panel',
  equation: 'an equation: it opens in the Arithmetic panel',
} as const;

/** The focus goes to the next item, else the one before, when this one is about to go. */
export function focusNeighbor(button: Element): void {
  const own = button.closest('li');
  const next = own?.nextElementSibling ?? own?.previousElementSibling;
  next?.querySelector('button')?.focus();
}

export function foreignness({ kind }: ShelfItem): string {
  return kind === 'latent' || kind === 'mask' ? 'other model' : kind;
}

/** `on`: a mask that the pictures are drawn with. */
export function describe(item: ShelfItem, usable: boolean, on: boolean): string {
  const tags = item.tags.length > 0 ? `, tags ${item.tags.join(', ')}` : '';
  return `${item.label}, ${item.kind}${on ? ', on' : ''}${usable ? '' : `, ${foreignness(item)}`}${tags}`;
}
