using System.Text;

namespace FocalSharp.TestSupport;

/// <summary>The rule that reference weights and inputs follow instead of being stored (golden README, "The filling rule").</summary>
internal static class GoldenValueGenerator
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    /// <summary>FNV-1a, 64 bits, of a text in UTF-8.</summary>
    public static ulong Fnv1a(string text)
    {
        ulong hash = 0xcbf29ce484222325;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash;
    }

    /// <summary>The first numbers in [−1, 1) that a key stands for.</summary>
    public static IEnumerable<double> Numbers(string key)
    {
        ulong state = Fnv1a(key);
        while (true)
        {
            yield return Number(state += Step);
        }
    }

    /// <summary>The values of an input: key <c>salt:name</c>, within ±2.</summary>
    public static float[] Input(string salt, string name, long count) => Values($"{salt}:{name}", 0, 2, count);

    /// <summary>The values of a state-dict entry, or null where the rule leaves it alone.</summary>
    public static float[]? Entry(string salt, string name, IReadOnlyList<long> shape)
    {
        if (name.EndsWith("num_batches_tracked", StringComparison.Ordinal) || name.EndsWith("integral.project", StringComparison.Ordinal))
        {
            return null;
        }

        (double b, double a) = Range(name, shape);
        return Values($"{salt}:{name}", b, a, shape.Aggregate(1L, (product, size) => product * size));
    }

    private static double Number(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 40) / 16777216.0 * 2) - 1;
    }

    private static (double B, double A) Range(string name, IReadOnlyList<long> shape)
    {
        bool backbone = name.StartsWith("backbone.", StringComparison.Ordinal);
        return name switch
        {
            "bbox_head.gfl_cls.bias" => (-2, 0.5),
            _ when name.EndsWith(".running_mean", StringComparison.Ordinal) => (0, 0.1),
            _ when name.EndsWith(".running_var", StringComparison.Ordinal) => (1, 0.25),
            _ when name.EndsWith(".scale", StringComparison.Ordinal) => (1, 0.1),
            _ when name.EndsWith(".conv_offset.weight", StringComparison.Ordinal) => (0, 0.5 * Math.Sqrt(3.0 / (shape[1] * shape[2] * shape[3]))),
            _ when name.EndsWith(".conv_offset.bias", StringComparison.Ordinal) => (0, 0.5),
            _ when shape.Count == 4 => (0, Math.Sqrt(
                3.0 * (backbone || string.Equals(name, "bbox_head.gfl_reg.weight", StringComparison.Ordinal) ? 2 : 1)
                / (shape[1] * shape[2] * shape[3]))),
            _ when name.EndsWith(".weight", StringComparison.Ordinal) => (backbone ? 0.6 : 1, 0.2),
            _ when name.EndsWith(".bias", StringComparison.Ordinal) => (0, 0.1),
            _ => throw new InvalidDataException($"the filling rule says nothing of {name}"),
        };
    }

    private static float[] Values(string key, double b, double a, long count)
    {
        float[] values = new float[count];
        ulong seed = Fnv1a(key);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(b + (a * Number(seed + ((ulong)(i + 1) * Step))));
        }

        return values;
    }
}
