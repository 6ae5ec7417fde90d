import {
  EntityAboutCard,
  EntityLayout,
  EntitySwitch,
} from '@backstage/plugin-catalog';
import {
  EntityKubernetesAccessCard,
  EntityKubernetesAccessContent,
  isKubernetesAccessAvailable,
} from '@kubernetes-access/backstage-plugin-kubernetes-access';
import Grid from '@material-ui/core/Grid';

export const entityPage = (
  <EntityLayout>
    <EntityLayout.Route path="/" title="Overview">
      <Grid container spacing={3}>
        <Grid item xs={12} md={6}>
          <EntityAboutCard />
        </Grid>
        <EntitySwitch>
          <EntitySwitch.Case if={isKubernetesAccessAvailable}>
            <Grid item xs={12} md={6}>
              <EntityKubernetesAccessCard />
            </Grid>
          </EntitySwitch.Case>
        </EntitySwitch>
      </Grid>
    </EntityLayout.Route>
    <EntityLayout.Route
      path="/access"
      title="Access"
      if={isKubernetesAccessAvailable}
    >
      <EntityKubernetesAccessContent />
    </EntityLayout.Route>
  </EntityLayout>
);
