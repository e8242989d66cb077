using System.Text;

namespace FocalSharp.Datasets.Files;

/// <summary>
/// Decodes the names of ZIP entries that are not marked as UTF-8. Most are UTF-8 all the same; others are of the system that wrote them, and never
/// become replacement characters.
/// </summary>
internal sealed class ZipEntryNameEncoding : Encoding
{
    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(chars, index, count);

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => TextDecoder.Decode(bytes.AsSpan(index, count)).Text.Length;

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        string text = TextDecoder.Decode(bytes.AsSpan(byteIndex, byteCount)).Text;
        text.CopyTo(0, chars, charIndex, text.Length);
        return text.Length;
    }

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount);

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => UTF8.GetMaxCharCount(byteCount);
}
