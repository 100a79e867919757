import type { Fields } from './fields/index.js';
import type { Resource } from './resource.js';
import { ResourceStore, type StoreDeps } from './resource-store.js';
import type { Registry } from './resources.js';
import { resources } from './resources.js';

type FieldsOf<R> = R extends Resource<infer F> ? F : never;

/** The store of each resource, by its name; the injection token of the API. */
export class SettingsStores {
  private readonly byName: ReadonlyMap<string, ResourceStore<Fields>>;

  constructor(readonly deps: StoreDeps) {
    this.byName = new Map(
      resources.map((resource) => [resource.declaration.name, new ResourceStore<Fields>(resource, deps)]),
    );
  }

  get<Name extends keyof Registry>(name: Name): ResourceStore<FieldsOf<Registry[Name]>>;
  get(name: string): ResourceStore<Fields>;
  get(name: string): unknown {
    return this.byName.get(name);
  }
}
