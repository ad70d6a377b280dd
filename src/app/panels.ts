import type { PanelDefinition } from '../panels/panel';

const modules = import.meta.glob<{ panel: PanelDefinition }>('../panels/*/index.tsx', {
  eager: true,
});

/** Every panel there is, in the order of the navigation. */
export const panels: readonly PanelDefinition[] = Object.values(modules)
  .map((module) => module.panel)
  .sort((a, b) => a.order - b.order);

/** The panel of a link; the first one where the link names none that exists. */
export function panelById(id: string): PanelDefinition {
  const panel = panels.find((candidate) => candidate.id === id) ?? panels[0];
  if (!panel) throw new Error('There is no panel at all under src/panels');
  return panel;
}
