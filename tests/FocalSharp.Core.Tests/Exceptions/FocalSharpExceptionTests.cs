namespace FocalSharp.Core.Tests;

public sealed class FocalSharpExceptionTests
{
    [Fact]
    public void Control_characters_are_replaced_and_line_breaks_stay() =>
        Assert.Equal("a?[31mb?\n\tc", new DatasetException("a\u001b[31mb\0\n\tc").Message);

    [Fact]
    public void Long_messages_are_truncated()
    {
        string message = new DatasetException(new string('x', 1_000_000), new IOException()).Message;

        Assert.Equal(FocalSharpException.MaxMessageLength, message.Length);
        Assert.EndsWith("x…", message, StringComparison.Ordinal);
    }
}
