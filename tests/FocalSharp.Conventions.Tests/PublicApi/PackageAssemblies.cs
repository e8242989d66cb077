using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace FocalSharp.Conventions.Tests.PublicApi;

/// <summary>The assemblies of the packages, read as files.</summary>
internal static class PackageAssemblies
{
    /// <summary>Gets the names of the projects that are published as packages.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetDirectories(Path.Combine(RepositoryRoot.Path, "src")).Where(IsPackable).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    /// <summary>Returns the full names of the public types of a project, nested ones too.</summary>
    public static IReadOnlyList<string> PublicTypes(string project)
    {
        string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        string assembly = project is "FocalSharp.Cli" ? "focalsharp" : project;
        string path = Path.Combine(RepositoryRoot.Path, "src", project, "bin", configuration, "net10.0", assembly + ".dll");
        using PEReader file = new(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        return [.. metadata.TypeDefinitions.Where(type => IsPublic(metadata, type)).Select(type => FullName(metadata, type)).Order(StringComparer.Ordinal)];
    }

    private static bool IsPackable(string folder) =>
        Directory.GetFiles(folder, "*.csproj") is [var project]
        && !File.ReadAllText(project).Contains("<IsPackable>false</IsPackable>", StringComparison.Ordinal)
        && !File.ReadAllText(project).Contains("<PackAsTool>true</PackAsTool>", StringComparison.Ordinal);

    private static bool IsPublic(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsPublic(metadata, type.GetDeclaringType()),
            _ => false,
        };
    }

    private static string FullName(MetadataReader metadata, TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        string name = metadata.GetString(type.Name);
        return type.IsNested ? $"{FullName(metadata, type.GetDeclaringType())}.{name}" : $"{metadata.GetString(type.Namespace)}.{name}";
    }
}
