import { ProxiedSignInPage } from '@backstage/core-components';
import type { SignInPageProps } from '@backstage/core-plugin-api';
import { useState } from 'react';

/** The people of the demo; a tab that has chosen stays that person. */
const PEOPLE = ['Ada', 'Olga', 'Omar', 'Sam', 'Pia'];
const KEY = 'demo-person';

/** The demo's sign-in, as plain as can be. */
export function SignInPage({ onSignInSuccess }: SignInPageProps) {
  const [person, setPerson] = useState(() => sessionStorage.getItem(KEY));
  const choose = (name: string) => {
    sessionStorage.setItem(KEY, name.toLowerCase());
    setPerson(name.toLowerCase());
  };
  return person ? (
    <ProxiedSignInPage
      provider="demo"
      headers={{ 'x-demo-person': person }}
      onSignInSuccess={onSignInSuccess}
    />
  ) : (
    <main>
      {PEOPLE.map(name => (
        <button key={name} type="button" onClick={() => choose(name)}>
          Sign in as {name}
        </button>
      ))}
    </main>
  );
}
