import type { MemoryReport } from '../engine/api';
import { pageAddressBar, type AddressBar } from './address-bar';
import { createArchitecture } from './architecture';
import type { DataInput } from './data-input';
import { createDatabase } from './database';
import { createDatasets } from './datasets';
import { createDevice } from './device';
import { createForeignInput, type ForeignInput } from './foreign';
import { createGenerator } from './generator';
import { createInput, type Input } from './input';
import { createLocalModels } from './local-models';
import { activeUnits } from './mask';
import { NO_MASK, maskParam } from './mask-link';
import { createModelCatalog } from './model-catalog';
import { createModelSources } from './model-source';
import { createModels, createModelStore, type ModelsControl } from './models';
import { createNotices } from './notices';
import { backendParam, modelParam, sharedParams } from './params';
import type { Session, SessionOptions } from './session';
import { createShelf } from './shelf-store';
import { createTraining } from './training/create-training';
import type { UrlState } from './url';
import { createUrlState } from './url-state';

/** What stands in for the page's surroundings where there is no page. */
export interface SessionSurroundings {
  bar?: AddressBar;
  input?: Input;
  foreign?: ForeignInput;
  pictures?: DataInput;
}

/**
 * The session of this page. Everything starts at once: the engine's probe, the list of models, the
 * model of the link, the shelf. Nothing is awaited here; the stores tell how far it is.
 */
export function createSession(
  options: SessionOptions,
  {
    bar = pageAddressBar(),
    input = createInput(),
    foreign = createForeignInput(),
    pictures,
  }: SessionSurroundings = {},
): Session {
  const { engine } = options;
  const notices = createNotices();
  const url = createUrlState(bar, {
    fromSearch: sharedParams.map(({ name }) => name),
    notShared: [backendParam.name],
  });
  const database = createDatabase();
  const pageUrl = new URL(bar.base);
  const modelsUrl = new URL(options.modelsUrl, pageUrl);
  const modelStore = createModelStore();
  const catalog = createModelCatalog(modelsUrl, modelStore);
  const local = createLocalModels(database);
  const forced = url.get(backendParam);
  const device = createDevice(
    engine,
    notices,
    options.force ?? (forced === 'auto' ? undefined : forced),
  );
  const generator = createGenerator(
    engine,
    () => modelStore.getState().current,
    (model) => activeUnits(url, model),
  );
  const architecture = createArchitecture(foreign);
  const sources = createModelSources({
    input,
    foreign,
    onForeign: (...found) => architecture.opened(...found),
    local,
    modelsUrl,
  });
  const models = createModels({
    engine,
    notices,
    store: modelStore,
    catalog,
    sources,
    local,
    generator,
    deviceReady: device.ready,
    pageUrl,
  });
  const shelf = createShelf({
    database,
    notices,
    latentSizeOf: (hash) => catalog.latentSizeOf(hash),
  });
  const datasets = createDatasets({
    database,
    datasetsUrl: new URL(options.datasetsUrl, pageUrl),
    input: pictures,
  });
  const training = createTraining({
    engine,
    database,
    models,
    openData: (source, image) => datasets.open(source, image),
    async reviveEngine() {
      const revived = await device.revive();
      // A model that cannot be had again says so itself; the run can go on without it.
      if (revived) await models.retry().catch(() => undefined);
      return revived;
    },
  });
  const stopFollowing = followModel(url, models);
  // Failures stand in the store and in a notice.
  models.start(url.get(modelParam)).catch(() => undefined);

  return {
    device: device.store,
    models,
    architecture,
    generator,
    datasets,
    shelf,
    training,
    notices,
    url,
    engine,
    memory: (): Promise<MemoryReport> => engine.memory(),
    dispose() {
      stopFollowing();
      training.dispose();
      models.dispose();
      device.dispose();
      shelf.dispose();
      url.dispose();
      database.close();
      input.dispose();
      foreign.close();
      engine.dispose();
    },
  };
}

/** The open model stands in the address; another one there (Back, a pasted link) is opened. */
function followModel(url: UrlState, models: ModelsControl): () => void {
  let wanted = url.get(modelParam);
  const stopModel = models.store.subscribe(({ current }, before) => {
    if (!current || current.id === before.current?.id) return;
    // The first model completes the address; a change is a step that Back undoes.
    const push = before.current !== null && url.get(modelParam) !== current.id;
    wanted = current.id;
    // A mask names filters of one model: it stays in the entry that Back returns to.
    type Changes = Parameters<typeof url.update>[0];
    const changes = [[modelParam, current.id], ...(push ? [[maskParam, NO_MASK]] : [])];
    url.update(changes as unknown as Changes, { push });
  });
  const stopUrl = url.store.subscribe(() => {
    const id = url.get(modelParam);
    if (id === wanted) return;
    wanted = id;
    if (id === models.store.getState().current?.id) return;
    models.open(id).catch(() => undefined);
  });
  return () => {
    stopModel();
    stopUrl();
  };
}
