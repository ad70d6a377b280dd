import { describe, expect, it } from 'vitest';
import type { AddressBar } from '../../session/address-bar';
import { createUrlState } from '../../session/url-state';
import { addTerm, emptyEquation, equationText } from './equation';
import { change, createHistory } from './history';
import { arithmeticParams, equationParam, fadeParam, noiseSeedParam } from './params';

function memoryBar(hash = ''): AddressBar {
  return {
    base: 'http://localhost/',
    search: '',
    hash,
    replace: () => undefined,
    push: () => undefined,
    onNavigate: () => () => undefined,
    onLeave: () => () => undefined,
  };
}

function setUp(hash = '') {
  const url = createUrlState(memoryBar(hash), { fromSearch: [], notShared: [] });
  const clock = { ms: 0 };
  return { url, clock, history: createHistory(url, arithmeticParams, () => clock.ms) };
}

describe('history', () => {
  it('goes back and forth over every parameter', () => {
    const { url, history } = setUp('#eqseed=5&seed=9');
    history.commit('add a group', [change(equationParam, addTerm(emptyEquation()))]);
    history.commit('new noise', [change(noiseSeedParam, 6), change(fadeParam, 0.5)]);
    history.undo();
    expect(url.get(noiseSeedParam)).toBe(5);
    expect(url.get(fadeParam)).toBe(1);
    expect(equationText(url.get(equationParam))).toBe('A − B + C + D');
    history.undo();
    expect(url.get(equationParam)).toEqual([]);
    history.undo();
    history.redo();
    history.redo();
    expect(url.get(noiseSeedParam)).toBe(6);
    expect(history.store.getState().past.map((step) => step.label)).toEqual([
      'add a group',
      'new noise',
    ]);
    expect(url.store.getState().values['seed']).toBe('9');
  });

  it('takes a drag as one step and a change to the same as none', () => {
    const { clock, history, url } = setUp();
    for (const value of [0.9, 0.8, 0.7]) {
      clock.ms += 100;
      history.commit('fade', [change(fadeParam, value)], 'fade');
    }
    history.commit('fade', [change(fadeParam, 0.7)], 'fade');
    clock.ms += 5000;
    history.commit('fade', [change(fadeParam, 0.1)], 'fade');
    expect(history.store.getState().past).toHaveLength(2);
    history.undo();
    expect(url.get(fadeParam)).toBe(0.7);
    history.commit('fade', [change(fadeParam, 2)], 'fade');
    expect(history.store.getState().future).toEqual([]);
    history.undo();
    history.undo();
    expect(url.get(fadeParam)).toBe(1);
  });
});
