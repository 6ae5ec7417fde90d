import { useEffect, useState } from 'react';
import { SidebarItem } from '@backstage/core-components';
import {
  errorApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import ExitToAppIcon from '@material-ui/icons/ExitToApp';

/** Says who this tab is, since every tab can be somebody else, and signs out. */
export function SignedInPerson() {
  const identity = useApi(identityApiRef);
  const errors = useApi(errorApiRef);
  const [name, setName] = useState<string>();

  useEffect(() => {
    identity.getProfileInfo().then(
      profile => setName(profile.displayName),
      error => errors.post(error),
    );
  }, [identity, errors]);

  const signOut = () =>
    identity.signOut().catch(error => errors.post(error as Error));

  return (
    <SidebarItem
      icon={ExitToAppIcon}
      onClick={signOut}
      text={name ? `Sign out ${name}` : 'Sign out'}
    />
  );
}
