import { useSyncExternalStore } from 'react';

const KEY = 'tocsin-key';
const listeners = new Set<() => void>();

/** The API key, stored until the tab is closed. */
export const session = {
  key: (): string => sessionStorage.getItem(KEY) ?? '',
  begin(key: string): void {
    sessionStorage.setItem(KEY, key);
    for (const listener of listeners) listener();
  },
  end(): void {
    sessionStorage.removeItem(KEY);
    for (const listener of listeners) listener();
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useKey = (): string => useSyncExternalStore(subscribe, session.key);
