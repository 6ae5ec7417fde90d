/**
 * Where the header of a recording that the API gives out says what was found of it, as a {@link RecordingCheck}.
 * @public
 */
export const RECORDING_CHECK = 'kubernetes-access';

/**
 * What came of holding a recording against the audit trail.
 * @public
 */
export interface RecordingCheck {
  session: string;
  /**
   * `whole`: it is what was recorded; `unverified`: nothing speaks against that, but the audit trail does not vouch for
   * all of it (yet); `damaged`: parts of it were changed, added or taken away. Such parts are left out, and a marker
   * stands in their place.
   */
  state: 'whole' | 'unverified' | 'damaged';
  /** The session goes on, so that there will be more of it. */
  open: boolean;
  /** What is wrong with it or could not be told, one sentence each. */
  problems: string[];
}
