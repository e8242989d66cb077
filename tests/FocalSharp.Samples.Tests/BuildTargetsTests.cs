using System.Diagnostics;
using System.Text.RegularExpressions;

namespace FocalSharp.Samples.Tests;

/// <summary>The targets that packages bring refuse platforms without native libraries. The platform is a property, so that any machine can play it.</summary>
public sealed partial class BuildTargetsTests : IDisposable
{
    private const string Targets = """
        <Project>
          <PropertyGroup>
            <OutputType Condition="'$(OutputType)' == ''">Exe</OutputType>
          </PropertyGroup>
          <Import Project="ENG/natives/FocalSharp.Imaging.targets" Condition="'$(Only)' != 'torch'" />
          <Import Project="ENG/libtorch/FocalSharp.Torch.targets" Condition="'$(Only)' != 'imaging'" />
          <Target Name="ResolvePackageAssets" />
          <Target Name="CoreCompile">
            <Message Importance="high" Text="case $(Case) compiled" />
          </Target>
          <Target Name="All">
            <MSBuild Projects="$(MSBuildProjectFullPath)" Targets="CoreCompile" Properties="%(Build.Properties)" ContinueOnError="true" />
          </Target>
          <ItemGroup>
            CASES
          </ItemGroup>
        </Project>
        """;

    private static readonly (string Properties, string? Code)[] Cases =
    [
        ("RuntimeIdentifier=linux-x64", null),
        ("RuntimeIdentifier=win-arm64", null),
        ("RuntimeIdentifier=osx-arm64", null),
        ("RuntimeIdentifier=osx-x64", "FSB003"),
        ("RuntimeIdentifier=linux-musl-x64", "FSB003"),
        ("NETCoreSdkPortableRuntimeIdentifier=linux-musl-arm64", "FSB003"), // built on Alpine for no particular platform
        ("RuntimeIdentifier=linux-arm64;Only=imaging", null),
        ("RuntimeIdentifier=linux-arm64", "FSB001"),
        ("RuntimeIdentifier=osx-x64;Only=torch", "FSB001"),
        ("RuntimeIdentifier=osx-x64;FocalSharpNatives=all;FocalSharpLibTorch=none", null),
        ("RuntimeIdentifier=osx-x64;OutputType=Library", null),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_platform_without_native_libraries_is_refused_with_one_sentence()
    {
        string items = string.Join('\n', Cases.Select((one, i) => $"<Build Include=\"{i}\" Properties=\"{one.Properties};Case={i}\" />"));
        await File.WriteAllTextAsync(
            _folder.In("targets.proj"),
            Targets.Replace("ENG", Path.Combine(RepositoryRoot.Path, "eng"), StringComparison.Ordinal).Replace("CASES", items, StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", _folder.In("targets.proj"), "-nologo", "-t:All", "-nodeReuse:false"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            Enumerable.Range(0, Cases.Length).Where(i => Cases[i].Code is null).Select(i => $"case {i} compiled"), Compiled().Matches(output).Select(match => match.Value));
        string[] errors = [.. Error().Matches(output).Select(match => match.Value)];
        Assert.Equal(Cases.Select(one => one.Code).OfType<string>(), errors.Select(error => error[..6]));
        Assert.All(errors, error => Assert.DoesNotContain(". ", error, StringComparison.Ordinal));
    }

    [GeneratedRegex("case [0-9]+ compiled")]
    private static partial Regex Compiled();

    [GeneratedRegex("(?<=error )FSB00[0-9]: .*(?= \\[)")]
    private static partial Regex Error();
}
