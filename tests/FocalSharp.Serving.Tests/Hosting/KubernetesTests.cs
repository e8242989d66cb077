using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FocalSharp.Serving.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Serving.Tests.Hosting;

/// <summary>The manifest and the image of samples/DetectService agree with each other and with the running service.</summary>
public sealed class KubernetesTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "samples", "DetectService");
    private static readonly YamlNode[] Documents = Read();
    private static readonly YamlNode Pod = Get(Find("Deployment"), "spec", "template", "spec");
    private static readonly YamlNode Container = Assert.Single(List(Pod, "containers"));

    [Fact]
    public void The_ports_are_those_of_the_image_and_of_the_program()
    {
        XDocument project = XDocument.Load(Path.Combine(Folder, "DetectService.csproj"));
        string program = File.ReadAllText(Path.Combine(Folder, "Program.cs"));
        string[] ports = [.. List(Container, "ports").Select(port => Text(port, "containerPort"))];

        Assert.Equal(["8080", "8081"], ports);
        Assert.Equal(string.Join(';', ports), project.Descendants("ContainerPort").Single().Attribute("Include")!.Value);
        Assert.Contains($" Port = {ports[0]},", program, StringComparison.Ordinal);
        Assert.Contains($"AdminPort = {ports[1]},", program, StringComparison.Ordinal);
        Assert.Equal("http", Text(List(Find("Service"), "spec", "ports").Single(), "targetPort"));
        Assert.Equal(ports[1], Text(Find("Deployment"), "spec", "template", "metadata", "annotations", "prometheus.io/port"));
    }

    [Fact]
    public async Task Probes_and_the_scraped_metric_exist_on_the_admin_port()
    {
        await using RunningService service = await RunningService.StartAsync(new() { AdminPort = 0 });
        using HttpClient admin = new() { BaseAddress = service.Host.AdminAddress };
        foreach (string probe in new[] { "startupProbe", "readinessProbe", "livenessProbe" })
        {
            Assert.Equal("admin", Text(Container, probe, "httpGet", "port"));
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri(Text(Container, probe, "httpGet", "path"), UriKind.Relative))).StatusCode);
        }

        string path = Text(Find("Deployment"), "spec", "template", "metadata", "annotations", "prometheus.io/path");
        string metric = Text(List(Find("HorizontalPodAutoscaler"), "spec", "metrics").Single(), "pods", "metric", "name");
        Assert.Contains($"# TYPE {metric} gauge", await admin.GetStringAsync(new Uri(path, UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_container_has_no_rights_that_the_service_does_not_need()
    {
        XDocument project = XDocument.Load(Path.Combine(Folder, "DetectService.csproj"));
        Assert.Equal("true", Text(Container, "securityContext", "readOnlyRootFilesystem"));
        Assert.Equal("false", Text(Container, "securityContext", "allowPrivilegeEscalation"));
        Assert.Equal("true", Text(Pod, "securityContext", "runAsNonRoot"));
        Assert.Equal(project.Descendants("ContainerUser").Single().Value, Text(Pod, "securityContext", "runAsUser"));
        Assert.Contains("chiseled", project.Descendants("ContainerFamily").Single().Value, StringComparison.Ordinal);
        Assert.Contains(
            project.Descendants("ContainerEnvironmentVariable"),
            variable => (variable.Attribute("Include")!.Value, variable.Attribute("Value")!.Value) == ("DOTNET_EnableDiagnostics", "0"));
    }

    [Fact]
    public void Environment_volumes_and_times_fit_the_program()
    {
        string program = File.ReadAllText(Path.Combine(Folder, "Program.cs"));
        XDocument project = XDocument.Load(Path.Combine(Folder, "DetectService.csproj"));
        string[] systems = ["DOTNET_", "MALLOC_"]; // read by the runtime and by glibc
        string[] variables =
        [
            .. List(Container, "env").Select(variable => Text(variable, "name")),
            .. project.Descendants("ContainerEnvironmentVariable").Select(variable => variable.Attribute("Include")!.Value).Where(name => !systems.Any(system => name.StartsWith(system, StringComparison.Ordinal))),
        ];
        Assert.All(variables, name => Assert.Contains($"GetEnvironmentVariable(\"{name}\")", program, StringComparison.Ordinal));
        string model = project.Descendants("ContainerEnvironmentVariable").Single(variable => variable.Attribute("Include")!.Value == "DETECT_MODEL").Attribute("Value")!.Value;
        Assert.StartsWith(Text(List(Container, "volumeMounts").Single(), "mountPath") + "/", model, StringComparison.Ordinal);
        Assert.True(TimeSpan.FromSeconds(int.Parse(Text(Pod, "terminationGracePeriodSeconds"), CultureInfo.InvariantCulture)) > new ServingOptions().ShutdownTimeout);
        Assert.Equal(Text(Find("Deployment"), "metadata", "name"), Text(Find("HorizontalPodAutoscaler"), "spec", "scaleTargetRef", "name"));
        Assert.Equal(Text(Find("Deployment"), "spec", "selector", "matchLabels", "app"), Text(Find("Service"), "spec", "selector", "app"));
    }

    [Fact]
    public void The_memory_limit_has_room_above_the_documented_peak()
    {
        const double Mebibyte = 1 << 20;
        Match peak = Regex.Match(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "serving.md")), @"\(peak (\d+)\)");
        double documented = double.Parse(peak.Groups[1].Value, CultureInfo.InvariantCulture) * 1e6;
        double requested = double.Parse(Text(Container, "resources", "requests", "memory").Replace("Mi", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * Mebibyte;
        double limit = double.Parse(Text(Container, "resources", "limits", "memory").Replace("Mi", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * Mebibyte;
        double decoded = 2 * 3.0 * new ServingOptions().Uploads.MaxPixels;

        Assert.InRange(requested, documented, limit);
        Assert.InRange(limit, documented + decoded, 1.5 * (documented + decoded));
        Assert.Contains($"peak of the load test above ({peak.Groups[1].Value} MB)", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "serving.md")), StringComparison.Ordinal);
    }

    private static YamlNode[] Read()
    {
        YamlStream stream = [];
        using StreamReader reader = new(Path.Combine(Folder, "kubernetes.yaml"));
        stream.Load(reader);
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    private static YamlNode Find(string kind) => Assert.Single(Documents, document => Text(document, "kind") == kind);

    private static YamlNode Get(YamlNode node, params string[] path) => path.Aggregate(node, (current, key) => current[key]);

    private static string Text(YamlNode node, params string[] path) => ((YamlScalarNode)Get(node, path)).Value!;

    private static IEnumerable<YamlNode> List(YamlNode node, params string[] path) => ((YamlSequenceNode)Get(node, path)).Children;
}
