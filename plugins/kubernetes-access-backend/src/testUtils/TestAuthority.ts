import { mockCredentials } from '@backstage/backend-test-utils';
import type { SessionRefusal } from '../sessions/mayOpenSession';
import type { AuthorityQuestion, SessionAuthority } from '../sessions/types';

/** Says yes to everything, until a test lets it say something else. A token is `token of <user>`. */
export class TestAuthority implements SessionAuthority {
  readonly questions: AuthorityQuestion[] = [];
  /** Who is in the catalog; everybody, if it is not set. */
  users: string[] | undefined;
  judgement: () => Promise<SessionRefusal | undefined> = async () => undefined;

  async identify(token: string) {
    const userRef = /^token of (user:.+)$/.exec(token)?.[1];
    if (!userRef) {
      throw new Error('That is nobody’s token');
    }
    return {
      userRef,
      ownershipRefs: [userRef],
      credentials: mockCredentials.user(userRef),
    };
  }

  async knowsUser(userRef: string): Promise<boolean> {
    return this.users?.includes(userRef) ?? true;
  }

  async judge(question: AuthorityQuestion) {
    this.questions.push(question);
    return this.judgement();
  }
}
