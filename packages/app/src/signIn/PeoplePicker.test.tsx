import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { DEMO_PEOPLE, DemoPerson } from './people';
import { PeoplePicker } from './PeoplePicker';
import { SignInFailed } from './SignInFailed';

describe('the sign-in page', () => {
  it('offers all five people, each with what they are for', () => {
    render(<PeoplePicker onChoose={() => {}} />);
    for (const { displayName, story } of DEMO_PEOPLE) {
      const card = screen.getByRole('button', {
        name: `Sign in as ${displayName}`,
      });
      expect(card).toHaveAccessibleDescription(story);
    }
  });

  it('tells who was chosen', async () => {
    const chosen: DemoPerson[] = [];
    render(<PeoplePicker onChoose={person => chosen.push(person)} />);

    await userEvent.click(
      screen.getByRole('button', { name: 'Sign in as Olga' }),
    );

    expect(chosen.map(({ name }) => name)).toEqual(['olga']);
  });

  it('says why a sign-in failed and lets one try again or be somebody else', async () => {
    const done: string[] = [];
    render(
      <SignInFailed
        person={DEMO_PEOPLE[0]}
        error={new Error('no such user')}
        onRetry={() => done.push('retry')}
        onChooseAgain={() => done.push('choose')}
      />,
    );

    expect(screen.getByRole('alert')).toHaveTextContent('no such user');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await userEvent.click(
      screen.getByRole('button', { name: 'Be somebody else' }),
    );
    expect(done).toEqual(['retry', 'choose']);
  });
});
