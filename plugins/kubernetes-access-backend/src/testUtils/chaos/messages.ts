import type { Entity } from '@backstage/catalog-model';

/** What a test tells a back end that is a process of its own. */
export type ToReplica =
  | {
      kind: 'start';
      /** As in app-config. */
      kubernetesAccess: Record<string, unknown>;
      /** `backend.database` of app-config. */
      database: Record<string, unknown>;
      clockOffsetMs: number;
      /** What the catalog has beside the demo's people and components. */
      entities?: Entity[];
    }
  | { kind: 'clock'; offsetMs: number };

/** What it tells the test. */
export type FromReplica =
  /** Everything is loaded, so that it can start at once. */
  | { kind: 'loaded' }
  | { kind: 'listening'; port: number }
  | { kind: 'failed'; message: string };
