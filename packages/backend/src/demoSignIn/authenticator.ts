import { isUserEntity } from '@backstage/catalog-model';
import { AuthenticationError } from '@backstage/errors';
import {
  createProxyAuthenticator,
  ProfileTransform,
  SignInResolver,
} from '@backstage/plugin-auth-node';

/** The header in which the sign-in page names the chosen person. */
const DEMO_PERSON_HEADER = 'x-demo-person';

/** What the demo's sign-in knows: the name of a catalog user. */
export interface DemoSignIn {
  person: string;
}

const CATALOG_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/i;

/** Reads the chosen person from the request. */
export function readDemoPerson(header: string | undefined): DemoSignIn {
  if (!header) {
    throw new AuthenticationError(
      `The header '${DEMO_PERSON_HEADER}' must name the person to sign in as, for example 'ada'.`,
    );
  }
  if (!CATALOG_NAME.test(header)) {
    throw new AuthenticationError(
      `The header '${DEMO_PERSON_HEADER}' must be the name of a catalog user.`,
    );
  }
  return { person: header.toLowerCase() };
}

const userOf = ({ person }: DemoSignIn) => ({
  entityRef: { kind: 'User', namespace: 'default', name: person },
});

/** The profile as the catalog has it. */
const profileFromCatalog: ProfileTransform<DemoSignIn> = async (
  result,
  context,
) => {
  const { entity } = await context.findCatalogUser(userOf(result));
  if (!isUserEntity(entity)) return { profile: {} };

  const { displayName, email, picture } = entity.spec.profile ?? {};
  return { profile: { displayName, email, picture } };
};

export const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: profileFromCatalog,
  initialize: () => undefined,
  async authenticate({ req }) {
    return { result: readDemoPerson(req.header(DEMO_PERSON_HEADER)) };
  },
});

export const signInAsDemoPerson: SignInResolver<DemoSignIn> = async (
  { result },
  context,
) => context.signInWithCatalogUser(userOf(result));
