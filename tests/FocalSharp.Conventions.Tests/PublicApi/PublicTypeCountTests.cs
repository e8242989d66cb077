namespace FocalSharp.Conventions.Tests.PublicApi;

/// <summary>The public surface stays small: a type is public only if a user of the packages needs it.</summary>
public sealed class PublicTypeCountTests
{
    private const int MaxPublicTypes = 235;

    [Fact]
    public void The_packages_have_few_public_types()
    {
        IReadOnlyList<(string Project, IReadOnlyList<string> Types)> packages =
            [.. PackageAssemblies.Names.Select(project => (project, PackageAssemblies.PublicTypes(project)))];
        int count = packages.Sum(package => package.Types.Count);
        string list = string.Join('\n', packages.Select(package => $"{package.Project}: {package.Types.Count}\n  {string.Join("\n  ", package.Types)}"));
        if (Environment.GetEnvironmentVariable("FOCALSHARP_PUBLIC_TYPES") is { Length: > 0 } path)
        {
            File.WriteAllText(path, $"{count} public types\n{list}\n");
        }

        Assert.Superset(new HashSet<string>(["FocalSharp.Core", "FocalSharp.Imaging", "FocalSharp.Runtime", "FocalSharp.Torch", "FocalSharp.Training"]), packages.Select(package => package.Project).ToHashSet());
        Assert.True(count is > 50 and <= MaxPublicTypes, $"{count} public types, at most {MaxPublicTypes} are allowed:\n{list}");
    }
}
