using System.Reflection;
using FocalSharp.IO;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Training.Recipes;

/// <summary>Reads recipes: the built-in ones and YAML files.</summary>
public static class RecipeBook
{
    private const string ResourcePrefix = "FocalSharp.Training.recipes.";
    private const string BaseKey = "base";
    private const int MaxBytes = 1 << 20;

    // Above the depth of any recipe; each part becomes a node, so that it also bounds the memory for a hostile key.
    private const int MaxKeyParts = 16;

    private static readonly Assembly ResourceAssembly = typeof(RecipeBook).Assembly;

    /// <summary>Gets the names of the built-in recipes.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. ResourceAssembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name[ResourcePrefix.Length..]))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads a recipe.</summary>
    /// <param name="nameOrPath">A built-in recipe's name, or the path of a YAML file.</param>
    /// <exception cref="OptionException">There is no such recipe, or it has an unknown key or an invalid value.</exception>
    /// <exception cref="FileException">The file cannot be read.</exception>
    public static Recipe Load(string nameOrPath) => Load(nameOrPath, depth: 0);

    /// <summary>Returns a recipe with one value changed.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="assignment">A dotted key, <c>=</c>, and a YAML value, for example <c>model.head.regMax=12</c>.</param>
    /// <exception cref="OptionException">The key is unknown, or the value is invalid.</exception>
    public static Recipe Set(Recipe recipe, string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new OptionException($"'{assignment}': write key=value, for example optimizer.learningRate=0.02.");
        }

        string[] path = assignment[..equals].Trim().Split('.', MaxKeyParts + 1);
        if (path.Length > MaxKeyParts)
        {
            throw new OptionException($"'{path[0]}': a key has at most {MaxKeyParts} parts; this one has more. Write it as in optimizer.learningRate=0.02.");
        }

        YamlNode node = ParseValue(assignment[(equals + 1)..].Trim());
        foreach (string key in path.Reverse())
        {
            node = new YamlMappingNode(new YamlScalarNode(key), node);
        }

        return (Recipe)RecipeBinder.Apply(recipe, (YamlMappingNode)node, assignment);
    }

    /// <summary>Returns the recipe as YAML with every value, as it is saved with a run.</summary>
    public static string Describe(Recipe recipe)
    {
        StringWriter text = new();
        new YamlStream(new YamlDocument(RecipeBinder.Describe(recipe))).Save(text, assignAnchors: false);
        return text.ToString().Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>Returns every dotted key of the recipe with its value, as <see cref="Set"/> takes them.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Flatten(Recipe recipe) => Flatten("", RecipeBinder.Describe(recipe));

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string path, YamlNode node) => node is YamlMappingNode mapping
        ? mapping.Children.SelectMany(entry => Flatten(path.Length == 0 ? $"{entry.Key}" : $"{path}.{entry.Key}", entry.Value))
        : [new(path, node is YamlSequenceNode list ? $"[{string.Join(", ", list.Children)}]" : $"{node}")];

    private static Recipe Load(string nameOrPath, int depth)
    {
        if (depth > 8)
        {
            throw new OptionException($"{nameOrPath}: the base recipes form a circle.");
        }

        (string text, string where) = ReadText(nameOrPath);
        YamlMappingNode mapping = Parse(text, where);
        Recipe start = new();
        YamlScalarNode baseKey = new(BaseKey);
        if (mapping.Children.TryGetValue(baseKey, out YamlNode? parent))
        {
            start = parent is YamlScalarNode { Value: { Length: > 0 } name }
                ? Load(name, depth + 1)
                : throw new OptionException($"{where}: 'base' must be a recipe's name or file.");
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
            throw new OptionException(
                $"'{nameOrPath}' is neither a recipe nor a file.{hint} Recipes: {string.Join(", ", Names)}; or give the path of a YAML file.");
        }

        try
        {
            return new FileInfo(nameOrPath).Length <= MaxBytes
                ? (File.ReadAllText(nameOrPath), nameOrPath)
                : throw new FileException($"{nameOrPath}: a recipe is a short YAML file; this one is larger than 1 MiB.") { Path = nameOrPath };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FileException($"{nameOrPath}: cannot be read ({exception.Message}).", exception) { Path = nameOrPath };
        }
    }

    private static YamlMappingNode Parse(string text, string where)
    {
        try
        {
            return BoundedYaml.ParseRoot(text) as YamlMappingNode
                ?? throw new OptionException($"{where}: a recipe is a YAML mapping, for example 'epochs: 12'.");
        }
        catch (InvalidDataException exception)
        {
            throw new OptionException($"{where}: {exception.Message}", exception);
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
