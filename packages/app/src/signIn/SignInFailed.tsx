import Box from '@material-ui/core/Box';
import Button from '@material-ui/core/Button';
import Container from '@material-ui/core/Container';
import Typography from '@material-ui/core/Typography';
import { DemoPerson } from './people';

interface SignInFailedProps {
  person: DemoPerson;
  error?: Error;
  onRetry(): void;
  onChooseAgain(): void;
}

/** Says why the sign-in failed and offers what can be done about it. */
export function SignInFailed(props: SignInFailedProps) {
  const { person, error, onRetry, onChooseAgain } = props;
  return (
    <Container maxWidth="sm">
      <Box mt={12} role="alert">
        <Typography variant="h4" component="h1" gutterBottom>
          {person.displayName} could not sign in
        </Typography>
        <Typography paragraph>
          The back end may still be starting: its catalog knows nobody for the
          first seconds.
        </Typography>
        {error && (
          <Typography paragraph color="textSecondary">
            {error.message}
          </Typography>
        )}
        <Button variant="contained" color="primary" onClick={onRetry}>
          Try again
        </Button>{' '}
        <Button onClick={onChooseAgain}>Be somebody else</Button>
      </Box>
    </Container>
  );
}
