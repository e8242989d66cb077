using System.Xml;
using System.Xml.Linq;

namespace FocalSharp.Datasets.Files;

/// <summary>Reads small XML files of any encoding, without DTD or external resources.</summary>
internal static class BoundedXml
{
    private const int MaxDepth = 64;
    private const int MaxUncheckedElements = 2000;

    /// <summary>The settings for every XML reader: untrusted files cannot refer to other files or define entities.</summary>
    public static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = BoundedText.MaxAnnotationBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>Returns the root element, and the encoding that was guessed, or null if it is certain.</summary>
    /// <exception cref="XmlException">Not well-formed, with a DTD, or too deep.</exception>
    /// <exception cref="InvalidDataException">The file is larger than allowed, or not valid in its encoding.</exception>
    public static (XElement Root, string? GuessedEncoding) Load(string path)
    {
        BoundedText.CheckSize(path, BoundedText.MaxAnnotationBytes);
        byte[] bytes = File.ReadAllBytes(path);
        (string text, string? guessed) = TextDecoder.Decode(bytes, TextDecoder.DeclaredByXml(bytes));
        RequireFlat(text);
        if (HasDocumentType(text))
        {
            throw new XmlException("it has a document type declaration (<!DOCTYPE …>), which may refer to other files and is not read; remove it");
        }

        using StringReader characters = new(text);
        using XmlReader reader = XmlReader.Create(characters, Settings);
        return (XElement.Load(reader), guessed);
    }

    // Declared before the root element.
    private static bool HasDocumentType(string text)
    {
        int root = 0;
        while (root < text.Length - 1 && !(text[root] == '<' && char.IsLetter(text[root + 1])))
        {
            root++;
        }

        return text.AsSpan(0, root).Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase);
    }

    // The time to load nested elements grows with the square of their depth. Few files have enough elements to be that deep.
    private static void RequireFlat(string text)
    {
        if (text.AsSpan().Count('<') <= MaxUncheckedElements)
        {
            return;
        }

        using StringReader characters = new(text);
        using XmlReader reader = XmlReader.Create(characters, Settings);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
            {
                throw new XmlException($"its elements are nested more than {MaxDepth} deep");
            }
        }
    }

    /// <summary>Returns the name of the root element, reading only the beginning of the file; null if it is not XML.</summary>
    public static string? TryGetRootName(string path)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096);
            byte[] head = new byte[4096];
            int length = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            string text = System.Text.Encoding.Latin1.GetString(head, 0, length);
            if (head is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            {
                text = text.Replace("\0", "", StringComparison.Ordinal);
            }

            using StringReader characters = new(text[Math.Max(0, text.IndexOf('<', StringComparison.Ordinal))..]);
            using XmlReader reader = XmlReader.Create(characters, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            return reader.MoveToContent() == XmlNodeType.Element ? reader.LocalName : null;
        }
        catch (Exception exception) when (exception is XmlException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
