using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace FocalSharp.IO;

/// <summary>
/// Parses untrusted YAML. The events are checked before a tree is built: deep nesting would overflow the stack, and aliases can
/// make a small file expand to a huge one.
/// </summary>
internal static class BoundedYaml
{
    private const int MaxDepth = 16;

    /// <summary>Returns the root node of the first document, or null if there is none.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidDataException">The text is not YAML, is nested too deeply or uses aliases; the message says why, and the line if known.</exception>
    public static YamlNode? ParseRoot(string text)
    {
        try
        {
            Validate(text);
            YamlStream stream = [];
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0 ? stream.Documents[0].RootNode : null;
        }
        catch (YamlException exception)
        {
            throw new InvalidDataException($"line {exception.Start.Line}: not valid YAML: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new InvalidDataException($"not valid YAML: {exception.Message}", exception);
        }
    }

    private static void Validate(string text)
    {
        Parser parser = new(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw new InvalidDataException($"it is nested deeper than {MaxDepth} levels");
            }

            if (parser.Current is AnchorAlias)
            {
                throw new InvalidDataException("it uses a YAML alias (*name); write the value out");
            }
        }
    }
}
