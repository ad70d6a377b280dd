import { useState } from 'react';
import { downloadBlob, fileName } from '../../export/download';
import { Button } from '../../ui/button';
import { DownloadIcon, KeepIcon } from '../../ui/icons';
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu';
import type { Answer, Settings } from './answer';
import { equationText } from './equation';
import type { ResolvedTerm } from './resolve';
import { useWorkbench } from './workbench';

interface ExportMenuProps {
  terms: readonly ResolvedTerm[];
  answer: Answer | null;
  settings: Settings;
}

/** The figure as a picture, the numbers as JSON, the equation on the shelf. */
export function ExportMenu({ terms, answer, settings }: ExportMenuProps) {
  const { session, model, gallery } = useWorkbench();
  const [busy, setBusy] = useState(false);
  const formula = equationText(terms);

  const run = async (act: (answer: Answer) => Promise<void>) => {
    if (!answer) return;
    setBusy(true);
    try {
      await act(answer);
    } catch (error) {
      session.notices.postError(error);
    } finally {
      setBusy(false);
    }
  };
  const json = async (current: Answer) => {
    const { equationJson } = await import('./figure-file');
    return equationJson({
      model,
      terms,
      answer: current,
      settings,
      reading: gallery.peek(current.result)?.reading ?? null,
      link: session.url.link(),
    });
  };
  const savePng = (current: Answer) =>
    run(async () => {
      const { figurePng } = await import('./figure-file');
      const recipe = await json(current);
      const blob = await figurePng(session, terms, current, recipe);
      downloadBlob(blob, fileName(['arithmetic', formula], 'png'));
    });
  const saveJson = (current: Answer) =>
    run(async () => {
      const blob = new Blob([await json(current)], { type: 'application/json' });
      downloadBlob(blob, fileName(['arithmetic', formula], 'json'));
    });
  const keep = () => {
    session.shelf.add({
      kind: 'equation',
      label: formula,
      tags: ['arithmetic'],
      modelHash: model.modelHash,
      data: {
        terms: terms.flatMap(({ sign, name, z }) =>
          z.length > 0 ? [{ sign, name, z: z.map((one) => Array.from(one)) }] : [],
        ),
      },
    });
  };

  return (
    <Menu
      align="end"
      trigger={
        <Button icon={<DownloadIcon />} disabled={!answer || busy}>
          {busy ? 'Writing …' : 'Export'}
        </Button>
      }
    >
      <MenuItem icon={<DownloadIcon />} onSelect={() => answer && void savePng(answer)}>
        Figure as PNG
      </MenuItem>
      <MenuItem icon={<DownloadIcon />} onSelect={() => answer && void saveJson(answer)}>
        Numbers as JSON
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={<KeepIcon />} onSelect={keep}>
        Keep the equation on the shelf
      </MenuItem>
    </Menu>
  );
}
