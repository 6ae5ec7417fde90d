import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AuditTrail } from '../audit';
import type { RequestStore } from '../database/types';
import type { ClusterConnection } from '../kubernetes';
import type { GrantObjectWatches } from './GrantObjectWatches';
import type { GrantRemover } from './GrantRemover';
import type { GrantWriter } from './GrantWriter';
import type { OwnResourceWrites } from './OwnResourceWrites';
import type { PodWatches } from './PodWatches';

/** What the steps of one cluster work with. */
export interface GrantContext {
  connection: ClusterConnection;
  store: RequestStore;
  audit: AuditTrail;
  installationId: string;
  logger: LoggerService;
  writer: GrantWriter;
  remover: GrantRemover;
  pods: PodWatches;
  objects: GrantObjectWatches;
  resources: OwnResourceWrites;
  /** Whether this process looks after the cluster at this very moment. */
  leads(): boolean;
  /** Tokens of a ServiceAccount that had to be made again are worth nothing. */
  forgetTokens(requestId: string): void;
}
