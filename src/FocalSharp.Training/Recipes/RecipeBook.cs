using System.Reflection;
using FocalSharp.IO;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Training.Recipes;

/// <summary>Finds and reads recipes: those that ship inside the library, and YAML files of the user's.</summary>
public static class RecipeBook
{
    private const string ResourcePrefix = "FocalSharp.Training.recipes.";
    private const string BaseKey = "base";
    private const int MaxBytes = 1 << 20;

    private static readonly Assembly ResourceAssembly = typeof(RecipeBook).Assembly;

    /// <summary>Names of the recipes that ship with the library.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. ResourceAssembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a recipe.</summary>
    /// <param name="nameOrPath">A shipped recipe's name, or the path of a YAML file.</param>
    /// <exception cref="FocalSharpException">No such recipe, not YAML, or an unknown key.</exception>
    public static Recipe Load(string nameOrPath) => Load(nameOrPath, depth: 0);

    /// <summary>A recipe with one value changed, as <c>--set key=value</c> does.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="assignment">A dotted key, <c>=</c>, and a YAML value, as <c>model.head.regMax=12</c>.</param>
    public static Recipe Set(Recipe recipe, string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new FocalSharpException($"--set {assignment}: write key=value, as --set optimizer.learningRate=0.02.");
        }

        YamlNode node = ParseValue(assignment[(equals + 1)..].Trim());
        foreach (string key in assignment[..equals].Trim().Split('.').Reverse())
        {
            node = new YamlMappingNode(new YamlScalarNode(key), node);
        }

        return (Recipe)RecipeBinder.Apply(recipe, (YamlMappingNode)node, $"--set {assignment}");
    }

    /// <summary>The recipe as YAML with every value resolved, as it is kept with a run.</summary>
    public static string Describe(Recipe recipe)
    {
        StringWriter text = new();
        new YamlStream(new YamlDocument(RecipeBinder.Describe(recipe))).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>Every key of the recipe with its value, dotted, as <see cref="Set"/> takes them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Flatten(Recipe recipe) => Flatten("", RecipeBinder.Describe(recipe));

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string path, YamlNode node) => node is YamlMappingNode mapping
        ? mapping.Children.SelectMany(entry => Flatten(path.Length == 0 ? $"{entry.Key}" : $"{path}.{entry.Key}", entry.Value))
        : [new(path, node is YamlSequenceNode list ? $"[{string.Join(", ", list.Children)}]" : $"{node}")];

    private static Recipe Load(string nameOrPath, int depth)
    {
        if (depth > 8)
        {
            throw new FocalSharpException($"{nameOrPath}: recipes name one another as base in a circle.");
        }

        (string text, string where) = ReadText(nameOrPath);
        YamlMappingNode mapping = Parse(text, where);
        Recipe start = new();
        YamlScalarNode baseKey = new(BaseKey);
        if (mapping.Children.TryGetValue(baseKey, out YamlNode? parent))
        {
            start = parent is YamlScalarNode { Value: { Length: > 0 } name }
                ? Load(name, depth + 1)
                : throw new FocalSharpException($"{where}: 'base' must be a recipe's name or file.");
            mapping.Children.Remove(baseKey);
        }

        Recipe recipe = (Recipe)RecipeBinder.Apply(start, mapping, where);
        return mapping.Children.ContainsKey(new YamlScalarNode("name")) ? recipe : recipe with { Name = Path.GetFileNameWithoutExtension(nameOrPath) };
    }

    private static (string Text, string Where) ReadText(string nameOrPath)
    {
        if (Names.Contains(nameOrPath))
        {
            using StreamReader reader = new(ResourceAssembly.GetManifestResourceStream(ResourcePrefix + nameOrPath + ".yaml")!);
            return (reader.ReadToEnd(), $"recipe {nameOrPath}");
        }

        if (!File.Exists(nameOrPath))
        {
            string hint = Suggestions.Closest(nameOrPath, Names) is { } near ? $" Did you mean '{near}'?" : "";
            throw new FocalSharpException(
                $"'{nameOrPath}' is neither a recipe nor a file.{hint} Recipes: {string.Join(", ", Names)}; or give the path of a YAML file.");
        }

        try
        {
            return new FileInfo(nameOrPath).Length <= MaxBytes
                ? (File.ReadAllText(nameOrPath), nameOrPath)
                : throw new FocalSharpException($"{nameOrPath}: a recipe is a short YAML file; this one is over 1 MiB.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FocalSharpException($"{nameOrPath}: cannot be read ({exception.Message}).", exception);
        }
    }

    private static YamlMappingNode Parse(string text, string where)
    {
        try
        {
            return BoundedYaml.ParseRoot(text) as YamlMappingNode
                ?? throw new FocalSharpException($"{where}: a recipe is a YAML mapping, as 'epochs: 12'.");
        }
        catch (InvalidDataException exception)
        {
            throw new FocalSharpException($"{where}: {exception.Message}", exception);
        }
    }

    private static YamlNode ParseValue(string text)
    {
        try
        {
            return BoundedYaml.ParseRoot(text) ?? new YamlScalarNode(text);
        }
        catch (InvalidDataException)
        {
            return new YamlScalarNode(text);
        }
    }
}
