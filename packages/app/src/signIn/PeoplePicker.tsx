import { Avatar } from '@backstage/core-components';
import Box from '@material-ui/core/Box';
import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import Container from '@material-ui/core/Container';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { DEMO_PEOPLE, DemoPerson } from './people';

const useStyles = makeStyles(theme => ({
  page: { paddingTop: theme.spacing(8), paddingBottom: theme.spacing(8) },
  people: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(260px, 1fr))',
    gap: theme.spacing(2),
    margin: theme.spacing(4, 0),
    padding: 0,
    listStyle: 'none',
  },
  card: { height: '100%' },
  action: { height: '100%' },
  content: {
    height: '100%',
    display: 'grid',
    gridTemplateColumns: 'auto 1fr',
    columnGap: theme.spacing(2),
    alignItems: 'start',
  },
}));

interface PeoplePickerProps {
  onChoose(person: DemoPerson): void;
}

/** The first page of the demo: who do you want to be? */
export function PeoplePicker({ onChoose }: PeoplePickerProps) {
  const classes = useStyles();
  return (
    <Container maxWidth="md" component="main" className={classes.page}>
      <Typography variant="h3" component="h1" gutterBottom>
        Who do you want to be?
      </Typography>
      <Typography color="textSecondary">
        A demo of Kubernetes Access: Ada asks for a shell in a pod of the
        payments team, Olga or Omar decide. Every tab can be somebody else.
      </Typography>
      <Box component="ul" className={classes.people}>
        {DEMO_PEOPLE.map(person => (
          <li key={person.name}>
            <PersonCard person={person} onChoose={onChoose} />
          </li>
        ))}
      </Box>
    </Container>
  );
}

function PersonCard(props: PeoplePickerProps & { person: DemoPerson }) {
  const { person, onChoose } = props;
  const classes = useStyles();
  const storyId = `story-of-${person.name}`;
  return (
    <Card variant="outlined" className={classes.card}>
      <CardActionArea
        className={classes.action}
        onClick={() => onChoose(person)}
        aria-label={`Sign in as ${person.displayName}`}
        aria-describedby={storyId}
      >
        <CardContent className={classes.content}>
          <Avatar displayName={person.displayName} />
          <div>
            <Typography variant="h6" component="h2">
              {person.displayName}
            </Typography>
            <Typography variant="body2" color="textSecondary" gutterBottom>
              {person.team}
            </Typography>
            <Typography id={storyId} variant="body2">
              {person.story}
            </Typography>
          </div>
        </CardContent>
      </CardActionArea>
    </Card>
  );
}
