import type { EndReason } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** The terminals that are open in this process. */
export interface LiveSessions {
  /** Closes every socket of a request now, without any call to a cluster or the database in between. */
  cut(requestId: string, end: { reason: EndReason; message: string }): void;
  /** Requests with sockets open in this process. */
  requestIds(): string[];
  count(): number;
}
