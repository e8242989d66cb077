namespace FocalSharp.Core.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "image", "0 images")]
    [InlineData(1, "image", "1 image")]
    [InlineData(2, "image", "2 images")]
    [InlineData(1, "class", "1 class")]
    [InlineData(80, "class", "80 classes")]
    [InlineData(3, "box", "3 boxes")]
    public void A_noun_is_in_the_plural_unless_there_is_one(int count, string noun, string expected) => Assert.Equal(expected, Quantity.Format(count, noun));
}
