import { Content, Header, Page } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { PageRoutes } from './PageRoutes';
import { usePageTitle, useWindowTitle } from './usePageTitle';

const useStyles = makeStyles((theme: Theme) => ({
  // The header above has a margin of its own, and tabs belong to it.
  content: {
    padding: theme.spacing(0, 2.5, 2.5),
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(0, 2, 2) },
  },
}));

/** The top-level page for the new front-end system, which puts the plugin's header above it. */
export function KubernetesAccessPage() {
  const classes = useStyles();
  useWindowTitle(usePageTitle());
  return (
    <Content noPadding>
      <main className={classes.content}>
        <PageRoutes />
      </main>
    </Content>
  );
}

/** The top-level page for legacy apps. */
export function KubernetesAccessLegacyPage() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Page themeId="tool">
      <Header
        title={t('page.title')}
        pageTitleOverride={usePageTitle()}
        subtitle={t('page.subtitle')}
      />
      <Content>
        <PageRoutes />
      </Content>
    </Page>
  );
}
