import { useState } from 'react';
import { ProxiedSignInPage } from '@backstage/core-components';
import type { SignInPageProps } from '@backstage/plugin-app-react';
import {
  forgetChosenPerson,
  readChosenPerson,
  rememberChosenPerson,
} from './chosenPerson';
import { forgetOnSignOut } from './forgetOnSignOut';
import { DemoPerson } from './people';
import { PeoplePicker } from './PeoplePicker';
import { SignInFailed } from './SignInFailed';

/** Sign-in by picking a person; a tab that has chosen stays that person until it signs out. */
export function DemoSignInPage({ onSignInSuccess }: SignInPageProps) {
  const storage = window.sessionStorage;
  const [person, setPerson] = useState(() => readChosenPerson(storage));
  const [attempt, setAttempt] = useState(0);

  const choose = (chosen: DemoPerson) => {
    rememberChosenPerson(storage, chosen);
    setPerson(chosen);
  };
  const chooseAgain = () => {
    forgetChosenPerson(storage);
    setPerson(undefined);
  };

  if (!person) return <PeoplePicker onChoose={choose} />;

  return (
    <ProxiedSignInPage
      key={`${person.name}-${attempt}`}
      provider="demo"
      headers={{ 'x-demo-person': person.name }}
      onSignInSuccess={identity =>
        onSignInSuccess(forgetOnSignOut(identity, storage))
      }
      ErrorComponent={({ error }) => (
        <SignInFailed
          person={person}
          error={error}
          onRetry={() => setAttempt(attempt + 1)}
          onChooseAgain={chooseAgain}
        />
      )}
    />
  );
}
