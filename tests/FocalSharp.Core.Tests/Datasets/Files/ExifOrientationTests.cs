using System.Buffers.Binary;
using CsCheck;
using FocalSharp.Datasets.Files;

namespace FocalSharp.Core.Tests.Datasets.Files;

public sealed class ExifOrientationTests
{
    [Theory]
    [InlineData(1, 64, 48)]
    [InlineData(2, 64, 48)]
    [InlineData(3, 64, 48)]
    [InlineData(4, 64, 48)]
    [InlineData(5, 48, 64)]
    [InlineData(6, 48, 64)]
    [InlineData(7, 48, 64)]
    [InlineData(8, 48, 64)]
    public void Both_byte_orders_are_read_and_rotation_exchanges_width_and_height(int orientation, int width, int height)
    {
        foreach (bool little in new[] { true, false })
        {
            ImageHeaderInfo info = Read(Jpeg(64, 48, Exif(orientation, little)))!.Value;

            Assert.Equal((orientation, new ImageSize(64, 48), new ImageSize(width, height)), (info.Orientation, info.StoredSize, info.DisplaySize));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(200)]
    public void An_invalid_orientation_means_as_stored(int orientation) =>
        Assert.Equal(1, Read(Jpeg(64, 48, Exif(orientation, little: true)))!.Value.Orientation);

    [Fact]
    public void Earlier_segments_of_the_same_kind_are_skipped()
    {
        byte[] xmp = [.. "http://ns.adobe.com/xap/1.0/\0<x/>"u8];

        Assert.Equal(6, Read(Jpeg(64, 48, xmp, Exif(6, little: false)))!.Value.Orientation);
    }

    [Fact]
    public void Damaged_segments_lose_the_orientation_but_not_the_size()
    {
        byte[] exif = Exif(6, little: true);
        for (int length = 0; length < exif.Length - 6; length++)
        {
            Assert.Equal(new ImageSize(64, 48), Read(Jpeg(64, 48, exif[..length]))!.Value.StoredSize);
        }

        Gen.Select(Gen.Int[6, exif.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            byte[] broken = [.. exif];
            broken[at] = value;
            Assert.Equal(new ImageSize(64, 48), Read(Jpeg(64, 48, broken))!.Value.StoredSize);
        });
    }

    internal static byte[] Jpeg(int width, int height, params byte[][] segments)
    {
        List<byte> bytes = [0xFF, 0xD8];
        foreach (byte[] segment in segments)
        {
            int length = segment.Length + 2;
            bytes.AddRange([0xFF, 0xE1, (byte)(length >> 8), (byte)length, .. segment]);
        }

        bytes.AddRange([0xFF, 0xC0, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0]);
        return [.. bytes];
    }

    internal static byte[] Exif(int orientation, bool little)
    {
        byte[] bytes = new byte[6 + 8 + 2 + 24 + 4];
        "Exif\0\0"u8.CopyTo(bytes);
        (little ? "II*\0"u8 : "MM\0*"u8).CopyTo(bytes.AsSpan(6));
        Put32(10, 8);
        Put16(14, 2);
        Put16(16, 0x0100); // width, a tag before it
        Put16(18, 4);
        Put32(20, 1);
        Put32(24, 64);
        Put16(28, 0x0112);
        Put16(30, 3);
        Put32(32, 1);
        Put16(36, (ushort)orientation);
        return bytes;

        void Put16(int at, ushort value)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
            }
        }

        void Put32(int at, uint value)
        {
            if (little)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            }
        }
    }

    private static ImageHeaderInfo? Read(byte[] bytes) => ImageHeader.TryReadInfo(new MemoryStream(bytes));
}
