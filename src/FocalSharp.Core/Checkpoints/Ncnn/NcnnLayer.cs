using System.Globalization;

namespace FocalSharp.Checkpoints.Ncnn;

/// <summary>A layer of an ncnn graph.</summary>
/// <param name="Type">Its type, for example <c>Convolution</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Inputs">The names of the blobs that it reads.</param>
/// <param name="Outputs">The names of the blobs that it writes.</param>
/// <param name="Parameters">Its numbers by key; arrays and texts are not included.</param>
internal sealed record NcnnLayer(
    string Type, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<int, double> Parameters)
{
    private const int ArrayOffset = 23300;
    private const int MaxBlobsPerLayer = 1024;

    /// <summary>Returns the number of a key.</summary>
    public double Get(int key, double otherwise) => Parameters.GetValueOrDefault(key, otherwise);

    /// <summary>Returns the integer of a key within a range; −1 if it is out of range.</summary>
    public int GetCount(int key, int otherwise, int max) => Get(key, otherwise) is var value && value >= 0 && value <= max && value == Math.Floor(value) ? (int)value : -1;

    /// <summary>Parses a line; null if it is not a layer.</summary>
    public static NcnnLayer? TryParse(string line)
    {
        string[] tokens = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (tokens.Length < 4 || !TryCount(tokens[2], out int inputs) || !TryCount(tokens[3], out int outputs) || tokens.Length < 4 + inputs + outputs)
        {
            return null;
        }

        Dictionary<int, double> parameters = [];
        foreach (string token in tokens.AsSpan(4 + inputs + outputs))
        {
            int equals = token.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !int.TryParse(token.AsSpan(0, equals), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int key))
            {
                return null;
            }

            if (key > -ArrayOffset && double.TryParse(token.AsSpan(equals + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            {
                parameters[key] = value;
            }
        }

        return new NcnnLayer(tokens[0], tokens[1], tokens[4..(4 + inputs)], tokens[(4 + inputs)..(4 + inputs + outputs)], parameters);
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count <= MaxBlobsPerLayer;
}
