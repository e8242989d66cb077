using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using FocalSharp.Torch;
using FocalSharp.Torch.Detectors;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.Training.Recipes;

/// <summary>
/// Sets properties of immutable options records from YAML. An unknown key is an error that suggests the nearest known key. Keys are matched
/// without regard to case, <c>_</c> and <c>-</c>.
/// </summary>
internal static class RecipeBinder
{
    private const string KindKey = "kind";

    // Not thread-safe, so each use has its own.
    private static NullabilityInfoContext NullabilityContext => new();

    /// <summary>Returns a copy of the record with the mapping's keys set.</summary>
    /// <param name="record">An options record.</param>
    /// <param name="mapping">Keys and values; nested mappings set nested records.</param>
    /// <param name="where">The source in messages: a file name or an assignment.</param>
    /// <param name="path">The dotted path of the record, empty for the root.</param>
    public static object Apply(object record, YamlMappingNode mapping, string where, string path = "")
    {
        object copy = Clone(record);
        foreach ((YamlNode keyNode, YamlNode value) in mapping.Children)
        {
            if (path.Length > 0 && IsKind(keyNode) && FindPart(record.GetType()) is not null)
            {
                continue;
            }

            string key = keyNode is YamlScalarNode { Value: { } text }
                ? text
                : throw new OptionException($"{where}: {(path.Length == 0 ? "a recipe" : $"'{path}'")} has a key that is not plain text.");
            PropertyInfo property = FindProperty(copy.GetType(), key, value, where, path);
            string full = path.Length == 0 ? ToCamelCase(property.Name) : $"{path}.{ToCamelCase(property.Name)}";
            object? set = Convert(value, property.PropertyType, property.GetValue(copy), where, full);
            if (set is null && NullabilityContext.Create(property).WriteState != NullabilityState.Nullable)
            {
                throw CreateInvalidValueException(where, full, "a group of keys; omit the key to use the base recipe's");
            }

            property.SetValue(copy, set);
        }

        return copy;
    }

    /// <summary>Converts the record to YAML with every value.</summary>
    public static YamlMappingNode Describe(object record)
    {
        YamlMappingNode mapping = [];
        if (FindPart(record.GetType()) is { } part)
        {
            mapping.Add(KindKey, part.GetKind(record));
        }

        foreach (PropertyInfo property in GetSettableProperties(record.GetType()))
        {
            mapping.Add(ToCamelCase(property.Name), DescribeValue(property.GetValue(record)));
        }

        return mapping;
    }

    private static YamlNode DescribeValue(object? value) => value switch
    {
        null => new YamlScalarNode("null"),
        string text => new YamlScalarNode(text),
        bool flag => new YamlScalarNode(flag ? "true" : "false"),
        Enum name => new YamlScalarNode(ToCamelCase(name.ToString())),
        ITuple pair => new YamlSequenceNode(Enumerable.Range(0, pair.Length).Select(i => DescribeValue(pair[i])))
        {
            Style = YamlDotNet.Core.Events.SequenceStyle.Flow,
        },
        IFormattable number => new YamlScalarNode(number.ToString(null, CultureInfo.InvariantCulture)),
        IEnumerable list => new YamlSequenceNode(list.Cast<object>().Select(DescribeValue)) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow },
        _ => Describe(value),
    };

    private static object? Convert(YamlNode node, Type type, object? current, string where, string path)
    {
        Type target = Nullable.GetUnderlyingType(type) ?? type;
        if (PartRegistries.Find(target) is { } part)
        {
            return ConvertPart(node, part, current!, where, path);
        }

        if (node is YamlMappingNode mapping)
        {
            return IsRecord(target)
                ? Apply(current ?? Activator.CreateInstance(target)!, mapping, where, path)
                : throw CreateInvalidValueException(where, path, "a single value, not a group of keys");
        }

        if (node is YamlSequenceNode sequence)
        {
            if (typeof(ITuple).IsAssignableFrom(target))
            {
                Type[] parts = target.GetGenericArguments();
                return sequence.Children.Count == parts.Length
                    ? Activator.CreateInstance(target, [.. parts.Select((part, i) => Convert(sequence.Children[i], part, null, where, $"{path}[{i}]"))])
                    : throw CreateInvalidValueException(where, path, $"a list of {parts.Length} values");
            }

            Type element = GetElementType(target) ?? throw CreateInvalidValueException(where, path, "a single value, not a list");
            Array items = Array.CreateInstance(element, sequence.Children.Count);
            for (int i = 0; i < items.Length; i++)
            {
                items.SetValue(Convert(sequence.Children[i], element, null, where, $"{path}[{i}]"), i);
            }

            return items;
        }

        string text = (node as YamlScalarNode)?.Value ?? "";
        if (text is "null" or "~" or "" && (IsRecord(target) || Nullable.GetUnderlyingType(type) is not null))
        {
            return null;
        }

        if (GetElementType(target) is { } single)
        {
            string[] parts = text.Trim('[', ']').Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Array items = Array.CreateInstance(single, parts.Length);
            for (int i = 0; i < parts.Length; i++)
            {
                items.SetValue(ConvertScalar(parts[i], single, where, path), i);
            }

            return items;
        }

        if (IsRecord(target))
        {
            // `qualityPredictor: true` means its defaults.
            return bool.TryParse(text, out bool on)
                ? (on ? Activator.CreateInstance(target) : null)
                : throw CreateInvalidValueException(where, path, "a group of keys, true or false");
        }

        return ConvertScalar(text, target, where, path);
    }

    // `backbone: { kind: resnet, depth: 18 }`, or `neck: pan` for a kind's defaults. Without a kind the present one is changed.
    private static object ConvertPart(YamlNode node, IPartRegistry part, object current, string where, string path)
    {
        YamlNode? kindNode = node is YamlMappingNode keys ? keys.Children.FirstOrDefault(entry => IsKind(entry.Key)).Value : node;
        object start = current;
        if (kindNode is not null)
        {
            string kind = (kindNode as YamlScalarNode)?.Value ?? "";
            try
            {
                object defaults = part.GetDefaults(kind);
                start = defaults.GetType() == current.GetType() && part.GetKind(defaults) == part.GetKind(current) ? current : defaults;
            }
            catch (OptionException exception)
            {
                throw new OptionException($"{where}: '{path}': {exception.Message}", exception) { OptionName = path };
            }
        }

        return node is YamlMappingNode mapping ? Apply(start, mapping, where, path) : start;
    }

    private static IPartRegistry? FindPart(Type type)
    {
        for (Type? ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (PartRegistries.Find(ancestor) is { } part)
            {
                return part;
            }
        }

        return null;
    }

    private static bool IsKind(YamlNode key) => key is YamlScalarNode { Value: { } text } && NormalizeKey(text) == NormalizeKey(KindKey);

    private static object ConvertScalar(string text, Type type, string where, string path)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        if (type == typeof(string))
        {
            return text;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out bool flag) ? flag : throw CreateInvalidValueException(where, path, $"true or false, not '{text}'");
        }

        if (type == typeof(int))
        {
            return int.TryParse(text, NumberStyles.Integer, culture, out int whole) ? whole : throw CreateInvalidValueException(where, path, $"a whole number, not '{text}'");
        }

        if (type == typeof(byte))
        {
            return byte.TryParse(text, NumberStyles.Integer, culture, out byte small) ? small : throw CreateInvalidValueException(where, path, $"0 to 255, not '{text}'");
        }

        if (type == typeof(double) || type == typeof(float))
        {
            return double.TryParse(text, NumberStyles.Float, culture, out double number) && double.IsFinite(number)
                ? (type == typeof(float) ? (object)(float)number : number)
                : throw CreateInvalidValueException(where, path, $"a number, not '{text}'");
        }

        if (type.IsEnum)
        {
            string wanted = NormalizeKey(text);
            string? name = Enum.GetNames(type).FirstOrDefault(candidate => NormalizeKey(candidate) == wanted);
            return name is not null
                ? Enum.Parse(type, name)
                : throw CreateInvalidValueException(where, path, $"one of {string.Join(", ", Enum.GetNames(type).Select(ToCamelCase))}, not '{text}'");
        }

        throw CreateInvalidValueException(where, path, "set by code, not by a recipe");
    }

    private static PropertyInfo FindProperty(Type type, string key, YamlNode value, string where, string path)
    {
        List<PropertyInfo> properties = [.. GetSettableProperties(type)];
        PropertyInfo? property = properties.Find(candidate => NormalizeKey(candidate.Name) == NormalizeKey(key));
        if (property is not null)
        {
            return property;
        }

        if (RenamedKeys.Find(path, key, value, where) is { } renamed)
        {
            throw renamed;
        }

        string[] known = [.. properties.Select(candidate => ToCamelCase(candidate.Name))];
        string hint = Suggestions.Closest(key, known) is { } near ? $" Did you mean '{near}'?" : "";
        string place = path.Length == 0 ? "a recipe" : $"'{path}'";
        throw new OptionException($"{where}: {place} has no key '{key}'.{hint} Known keys: {string.Join(", ", known)}.");
    }

    private static IEnumerable<PropertyInfo> GetSettableProperties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite && property.GetIndexParameters().Length == 0);

    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null || (type is { IsValueType: true, IsPrimitive: false, IsEnum: false } && !typeof(ITuple).IsAssignableFrom(type));

    // A boxed struct is a copy already; records have their own clone method.
    private static object Clone(object record) =>
        record.GetType().GetMethod("<Clone>$") is { } clone ? clone.Invoke(record, null)! : RuntimeHelpers.GetObjectValue(record);

    private static Type? GetElementType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;

    private static string NormalizeKey(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static OptionException CreateInvalidValueException(string where, string path, string expected) =>
        new($"{where}: '{path}' must be {expected}.") { OptionName = path };
}
