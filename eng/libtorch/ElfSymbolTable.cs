using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

#nullable disable

namespace FocalSharp.Build
{
    /// <summary>
    /// Clears the symbol table of a 64-bit ELF file, which only debuggers read: 90 MB of libtorch, which then compress to nothing in a package.
    /// Sections keep their places, since the file's segments refer to them.
    /// </summary>
    public sealed class ClearElfSymbolTable : Task
    {
        private const uint SymbolTable = 2; // SHT_SYMTAB of the ELF gABI; the dynamic symbols are SHT_DYNSYM

        /// <summary>The file; it is replaced, so that a hard link to a package cache is not modified.</summary>
        [Required]
        public string Library { get; set; } = "";

        /// <inheritdoc/>
        public override bool Execute()
        {
            byte[] bytes = File.ReadAllBytes(Library);
            if (bytes.Length < 64 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[2] != 'L' || bytes[3] != 'F' || bytes[4] != 2 || bytes[5] != 1)
            {
                Log.LogError("{0} is not a 64-bit ELF file.", Library);
                return false;
            }

            long table = BitConverter.ToInt64(bytes, 0x28);
            int size = BitConverter.ToUInt16(bytes, 0x3a);
            int count = BitConverter.ToUInt16(bytes, 0x3c);
            for (int i = 0; i < count; i++)
            {
                int header = checked((int)(table + (long)i * size));
                if (BitConverter.ToUInt32(bytes, header + 4) != SymbolTable)
                {
                    continue;
                }

                int names = checked((int)(table + (long)BitConverter.ToUInt32(bytes, header + 0x28) * size));
                Clear(bytes, header);
                Clear(bytes, names);
                string temporary = Library + "." + Guid.NewGuid().ToString("N") + ".tmp";
                File.WriteAllBytes(temporary, bytes);
                File.Delete(Library);
                File.Move(temporary, Library);
                return true;
            }

            return true;
        }

        private static void Clear(byte[] bytes, int header) =>
            Array.Clear(bytes, checked((int)BitConverter.ToInt64(bytes, header + 0x18)), checked((int)BitConverter.ToInt64(bytes, header + 0x20)));
    }
}
