using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using FocalSharp.Runtime;

namespace FocalSharp.MLNet.Pipeline;

/// <summary>
/// A detector as text, which ML.NET saves with its model: a line of JSON with the options, and the ONNX file in Base64. Libraries outside of
/// ML.NET cannot write to its model files, but a value of a mapping is saved.
/// </summary>
internal static class EmbeddedDetector
{
    // ML.NET passes the same text with every row; the detector lives as long as the text does.
    private static readonly ConditionalWeakTable<object, ConcurrentDictionary<(int Start, int Length), Lazy<Detector>>> Loaded = new();

    /// <summary>Reads a file and checks that it can be run.</summary>
    public static string Create(string path, ObjectDetectionOptions options)
    {
        using (Detector.Load(path, options.ToRuntimeOptions()))
        {
            return $"{JsonSerializer.Serialize(options)}\n{Convert.ToBase64String(File.ReadAllBytes(path))}";
        }
    }

    /// <summary>Returns the detector of a text, which is loaded once.</summary>
    public static Detector Load(ReadOnlyMemory<char> text)
    {
        (object Value, int Start) owner = MemoryMarshal.TryGetString(text, out string? source, out int offset, out _) ? ((object)source, offset)
            : MemoryMarshal.TryGetArray(text, out ArraySegment<char> segment) ? (segment.Array!, segment.Offset)
            : throw new ModelException("The detector's column does not contain a detector.");
        return Loaded.GetValue(owner.Value, static _ => new()).GetOrAdd((owner.Start, text.Length), static (_, text) => new Lazy<Detector>(() => Parse(text.Span)), text).Value;
    }

    private static Detector Parse(ReadOnlySpan<char> text)
    {
        int end = text.IndexOf('\n');
        try
        {
            ObjectDetectionOptions options = JsonSerializer.Deserialize<ObjectDetectionOptions>(text[..Math.Max(end, 0)])!;
            byte[] file = new byte[(text.Length - end) / 4 * 3];
            return Convert.TryFromBase64Chars(text[(end + 1)..], file, out int length)
                ? Detector.Load(file.AsSpan(0, length).ToArray(), options.ToRuntimeOptions(), "the ML.NET model's detector")
                : throw new ModelException("The detector in the ML.NET model is damaged. Create the model again.");
        }
        catch (JsonException exception)
        {
            throw new ModelException("The detector in the ML.NET model is damaged, or of another version. Create the model again.", exception);
        }
    }
}
